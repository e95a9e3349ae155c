package org.ham.shell;

import org.ham.api.Status;
import picocli.CommandLine;

/** {@code ham status}: how the HAM itself is. */
@CommandLine.Command(name = "status", description = "Prints how HAM and Guardian are.")
final class StatusCommand extends Command {
    @Override
    public boolean readsOnly() {
        return true;
    }

    @Override
    protected int run(Context context) {
        var status = context.requireHam().status();
        if (json) {
            Documents.print(context.out(), Documents.status(status));
        } else {
            print(status, context);
        }
        return 0;
    }

    private static void print(Status status, Context context) {
        var out = context.out();
        out.println("HAM       pid " + status.hamPid() + ", epoch " + status.epoch() + ", since " + status.since());
        if (status.guardianPid().isPresent()) {
            out.println("Guardian  pid " + status.guardianPid().getAsLong() + ", "
                    + (status.guardianReady() ? "ready to take over" : "getting ready"));
        } else {
            out.println("Guardian  none: if this HAM dies, nothing takes over");
        }
        out.println("watching  " + status.entities() + " entities, " + status.conditions() + " conditions, "
                + status.actions() + " actions");
        out.println("failures  HAM " + status.hamFailures() + ", Guardian " + status.guardianFailures());
        out.println("verbosity " + status.verbosity());
        out.println("run-dir   " + context.runDir());
        if (!status.alarm().isEmpty()) {
            out.println("ALARM     " + status.alarm());
        }
    }
}
