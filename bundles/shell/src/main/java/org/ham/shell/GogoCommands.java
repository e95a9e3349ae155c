package org.ham.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.ham.api.Actor;
import org.ham.spi.Supervisor;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The commands in Gogo, scope {@code ham}: the same classes as everywhere, so a function each is all there is to it. */
@Component(service = {})
public final class GogoCommands {
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    /** Made by Declarative Services. */
    @Activate
    public GogoCommands(@Reference Supervisor ham, @Reference CommandProcessor needed, BundleContext context) {
        var commands = Commands.served();
        var runDir = RunDirs.resolve(Optional.ofNullable(context.getProperty("ham.run.dir")), System.getenv());
        for (var name : commands.names()) {
            Function function = (session, arguments) -> run(commands, name, arguments, ham, runDir, session);
            registrations.add(context.registerService(Function.class, function, properties(name)));
        }
    }

    @Deactivate
    void close() {
        registrations.forEach(ServiceRegistration::unregister);
    }

    private static Dictionary<String, Object> properties(String name) {
        return FrameworkUtil.asDictionary(
                Map.of(CommandProcessor.COMMAND_SCOPE, "ham", CommandProcessor.COMMAND_FUNCTION, name));
    }

    private static @Nullable Object run(
            Commands commands,
            String name,
            List<Object> arguments,
            Supervisor ham,
            Path runDir,
            CommandSession session) {
        var words = new ArrayList<String>();
        words.add(name);
        arguments.forEach(argument -> words.add(String.valueOf(argument)));
        // Gogo puts the stream of the running pipe there.
        var out = new PrintWriter(new OutputStreamWriter(System.out, UTF_8));
        var err = new StringWriter();
        var actor = session.get(GogoSessions.ACTOR) instanceof Actor known ? known : Actor.part("gogo");
        var here = Path.of("").toAbsolutePath();
        var exit =
                commands.execute(words, new Context(Optional.of(ham), runDir, here, actor, out, new PrintWriter(err)));
        if (exit != Commands.DONE) {
            throw new FailedException(err.toString().strip(), exit);
        }
        return null;
    }

    /** A command failed; Gogo prints the message and ends the line. */
    static final class FailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int exit;

        FailedException(String message, int exit) {
            super(message);
            this.exit = exit;
        }

        int exit() {
            return exit;
        }
    }
}
