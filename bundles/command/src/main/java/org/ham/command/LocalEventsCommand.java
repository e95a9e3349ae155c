package org.ham.command;

import java.nio.file.Files;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.shell.Context;
import org.ham.shell.EventsCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ham events} reads the files itself, so that following goes on through a takeover. */
@Command(name = "events", description = "Prints the journal, one line an event, as far back as it is kept.")
final class LocalEventsCommand extends EventsCommand implements LocalCommand {
    @Option(names = "--offline", description = "read the files of a HAM that does not run")
    boolean offline;

    @Override
    protected int run(Context context) {
        if (!offline) {
            new Link(Instance.at(context.runDir())).connect().close();
        }
        var journal = context.runDir().resolve("journal");
        if (!Files.isReadable(journal) && !Files.notExists(journal)) {
            throw new HamException(Code.DENIED, "no permission to read " + journal + "; its owner and root may");
        }
        return print(context);
    }
}
