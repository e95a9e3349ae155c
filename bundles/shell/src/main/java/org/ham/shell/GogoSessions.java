package org.ham.shell;

import java.io.InputStream;
import java.io.PrintStream;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.ham.api.Actor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Sessions of the Gogo that is installed. */
@Component(service = GogoShell.class)
public final class GogoSessions implements GogoShell {
    /** The session variable that holds who is at the other end. */
    static final String ACTOR = ".ham.actor";

    private final CommandProcessor processor;

    /** Made by Declarative Services. */
    @Activate
    public GogoSessions(@Reference CommandProcessor processor, BundleContext context) {
        this(processor);
        // Made anew with each component runtime.
        StaleConverters.forget(processor, context);
    }

    GogoSessions(CommandProcessor processor) {
        this.processor = processor;
    }

    @Override
    public Session open(PrintStream out, PrintStream err, Actor actor) {
        var session = processor.createSession(InputStream.nullInputStream(), out, err);
        session.put("SCOPE", "ham:gogo:*");
        session.put(ACTOR, actor);
        return new Lines(session, out, err);
    }

    /** One session. */
    private record Lines(CommandSession session, PrintStream out, PrintStream err) implements Session {
        @Override
        public int run(String line) {
            try {
                var result = session.execute(line);
                if (result != null) {
                    out.println(session.format(result, Converter.INSPECT));
                }
                return Commands.DONE;
            } catch (GogoCommands.FailedException e) {
                err.println(e.getMessage());
                return e.exit();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return Commands.FAILED;
            } catch (Exception e) {
                err.println("gogo: " + e.getClass().getSimpleName() + ": " + e.getMessage());
                return Commands.FAILED;
            } finally {
                out.flush();
                err.flush();
            }
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
