package org.ham.shell;

import picocli.CommandLine;

/** {@code ham disable}. */
@CommandLine.Command(
        name = "disable",
        description = "Switches an entity, condition or action off: nothing below it runs until it is enabled again.")
final class DisableCommand extends SwitchCommand {
    DisableCommand() {
        super(false);
    }
}
