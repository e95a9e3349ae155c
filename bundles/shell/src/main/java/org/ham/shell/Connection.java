package org.ham.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.ham.api.Actor;
import org.ham.linux.LinuxException;
import org.ham.linux.UnixConnection;
import org.ham.spi.Supervisor;

/** Serves one client, request by request, on a thread of its own. */
final class Connection implements Runnable, AutoCloseable {
    /**
     * What all connections share.
     *
     * @param ham the HAM
     * @param runDir its run-dir
     * @param commands what it serves
     * @param gogo Gogo, when it is installed
     * @param results what lines of cut off clients came to
     * @param limits how much a client may take
     * @param deadlines ends what takes too long
     */
    record Service(
            Supervisor ham,
            Path runDir,
            Commands commands,
            Supplier<Optional<GogoShell>> gogo,
            GogoResults results,
            Limits limits,
            Deadlines deadlines) {}

    private final Service service;
    private final UnixConnection connection;
    private final Actor actor;
    private final RequestReader reader;
    private final Reply reply;
    private final PrintWriter out;
    private final PrintWriter err;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile boolean inGogo;
    private Optional<GogoShell.Session> gogo = Optional.empty();

    Connection(Service service, UnixConnection connection) {
        this.service = service;
        this.connection = connection;
        this.actor =
                new Actor("shell", connection.peer().uid(), connection.peer().pid());
        this.reader = new RequestReader(connection.in(), service.limits().requestBytes());
        this.reply = new Reply(
                connection.out(), service.deadlines(), service.limits().write(), connection::close);
        this.out = new PrintWriter(new ChunkWriter(reply, "out"));
        this.err = new PrintWriter(new ChunkWriter(reply, "err"));
    }

    @Override
    public void run() {
        try {
            var patience = service.limits().request();
            for (var line = next(patience); line.isPresent(); line = next(patience)) {
                serve(line.get());
                patience = service.limits().idle();
            }
        } catch (BadRequestException e) {
            refuse(String.valueOf(e.getMessage()), Commands.USAGE);
        } catch (IOException | LinuxException | RejectedExecutionException _) {
            // The client is gone or was too slow, or the server has ended; there is nobody to tell.
        } finally {
            gogo.ifPresent(GogoShell.Session::close);
            connection.close();
        }
    }

    private Optional<String> next(java.time.Duration patience) throws IOException {
        try (var _ = service.deadlines().within(patience, connection::close)) {
            if (!reader.begun()) {
                return Optional.empty();
            }
        }
        busy.set(true);
        try (var _ = service.deadlines().within(service.limits().request(), connection::close)) {
            return reader.line();
        }
    }

    private void serve(String line) throws IOException {
        var request = Request.read(line);
        var exit = request.gogo().isPresent() ? gogo(request.gogo().get()) : command(request);
        out.flush();
        err.flush();
        reply.exit(exit);
        request.gogo().flatMap(Request.Line::id).ifPresent(service.results()::forget);
        busy.set(false);
    }

    private int command(Request request) {
        return service.commands()
                .execute(
                        request.words(),
                        new Context(
                                Optional.of(service.ham()),
                                service.runDir(),
                                Path.of(request.directory()),
                                actor,
                                out,
                                err));
    }

    /** Nobody waits for the end of a line: it may be what ends this server. */
    private int gogo(Request.Line line) throws IOException {
        inGogo = true;
        try {
            return line.id().isEmpty() ? gogo(line.text()) : known(line);
        } finally {
            inGogo = false;
        }
    }

    private int known(Request.Line line) throws IOException {
        var id = line.id().orElseThrow();
        if (line.again()) {
            return again(id);
        }
        var transcript = new Transcript();
        service.results().begin(id);
        reply.keep(transcript);
        var exit = Commands.FAILED;
        try {
            exit = gogo(line.text());
            out.flush();
            err.flush();
        } finally {
            service.results().end(id, transcript.with(exit));
            reply.keep(null);
        }
        return exit;
    }

    /** It was cut off the first time. */
    private int again(String id) throws IOException {
        var result = service.results().await(id);
        if (result.isEmpty()) {
            err.println(
                    "ham: what became of this line is not known, as the HAM that ran it has gone or is still at it");
            return Commands.FAILED;
        }
        out.print(result.get().out());
        err.print(result.get().err());
        return result.get().exit();
    }

    private int gogo(String line) {
        if (gogo.isEmpty()) {
            gogo = service.gogo().get().map(shell -> shell.open(stream("out"), stream("err"), actor));
        }
        if (gogo.isEmpty()) {
            err.println("ham: there is no Gogo in this HAM; install org.apache.felix.gogo.runtime");
            return Commands.FAILED;
        }
        return gogo.get().run(line);
    }

    private PrintStream stream(String kind) {
        return new PrintStream(new ByteChunks(new ChunkWriter(reply, kind)), false, StandardCharsets.UTF_8);
    }

    /** Whether a request is being served that is waited for. */
    boolean busy() {
        return busy.get() && !inGogo;
    }

    /** Whether a line runs in Gogo, which may be what ends this server. */
    boolean inGogo() {
        return inGogo;
    }

    /** Says why this client is not served; the caller closes. */
    void refuse(String why, int exit) {
        try {
            reply.text("err", "ham: " + why + "\n");
            reply.exit(exit);
        } catch (IOException | LinuxException _) {
            // Gone already.
        }
    }

    /** Ends the connection and whatever waits on it. */
    @Override
    public void close() {
        connection.close();
    }
}
