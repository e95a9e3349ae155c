package org.ham.shell;

import picocli.CommandLine;

/** {@code ham action}: what to do about it. */
@CommandLine.Command(
        name = "action",
        description = "Adds or removes an action, or an item of its fail list.",
        synopsisSubcommandLabel = "(add|remove)",
        subcommands = {ActionAddCommand.class, ActionRemoveCommand.class})
final class ActionCommand extends GroupCommand {}
