package org.ham.shell;

import org.ham.api.HamPath;
import org.ham.api.Handle;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code ham enable} and {@code ham disable} have in common. */
abstract class SwitchCommand extends Command {
    private final boolean on;

    @Parameters(paramLabel = "PATH", description = "ENTITY[/CONDITION[/ACTION]]")
    String path = "";

    @Option(names = "--recurse", description = "also switch everything below it")
    boolean recurse;

    SwitchCommand(boolean on) {
        this.on = on;
    }

    @Override
    protected int run(Context context) {
        var parsed = HamPath.parse(path);
        context.requireHam().enable(Handle.of(parsed), on, recurse, context.actor());
        return done(context, parsed.toString(), (on ? "enabled " : "disabled ") + parsed);
    }
}
