package org.ham.shell;

import picocli.CommandLine;

/** {@code ham enable}. */
@CommandLine.Command(name = "enable", description = "Switches an entity, condition or action on.")
final class EnableCommand extends SwitchCommand {
    EnableCommand() {
        super(true);
    }
}
