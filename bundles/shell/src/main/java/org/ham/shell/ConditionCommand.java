package org.ham.shell;

import picocli.CommandLine;

/** {@code ham condition}: what to watch for. */
@CommandLine.Command(
        name = "condition",
        description = "Adds or removes a condition.",
        synopsisSubcommandLabel = "(add|remove)",
        subcommands = {ConditionAddCommand.class, ConditionRemoveCommand.class})
final class ConditionCommand extends GroupCommand {}
