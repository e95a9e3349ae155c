package org.ham.command;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleException;

/**
 * The main class of a node: a process that is the HAM or its Guardian. Starts an OSGi framework with all bundles of the
 * distribution and stays until it is stopped. Exits with 0 after a stop that was asked for, with 1 and a sentence on standard
 * error when it could not start.
 */
public final class Node {
    private Node() {}

    /**
     * Runs a node.
     *
     * @param words {@code --run-dir DIR} and {@code --conf DIR}; the same may be given as the system properties {@code
     *     ham.run.dir} and {@code ham.conf.dir}
     */
    public static void main(String[] words) {
        var code = run(List.of(words), System.getenv(), System.err);
        // Not exit: shutdown hooks have nothing left to do, and one that hangs must not keep a node half alive.
        Runtime.getRuntime().halt(code);
    }

    private static int run(List<String> words, Map<String, String> environment, PrintStream err) {
        try {
            var settings = NodeSettings.read(words, environment);
            try (var folder = NodeFolder.make(settings.runDir())) {
                NodeLog.open(folder);
                var code = run(choose(settings, folder), folder, err);
                NodeLog.close();
                return code;
            }
        } catch (IllegalArgumentException | IOException e) {
            err.println("ham: " + e.getMessage());
            return 1;
        }
    }

    /** What the HAM that started this node runs, or what the plug-in folder has. */
    private static NodeSettings choose(NodeSettings settings, NodeFolder folder) {
        return settings.properties().containsKey(OwnBundles.PROPERTY)
                        || settings.conf().isEmpty()
                ? settings
                : settings.withOwnBundles(OwnBundles.choose(
                        settings.home(), settings.conf().get().resolve("plugins"), folder.ownBundles()));
    }

    private static int run(NodeSettings settings, NodeFolder folder, PrintStream err) {
        var framework = new NodeFramework(settings, folder);
        try {
            Interrupts.handle(framework::stopInOrder);
            framework.start();
            framework.await();
        } catch (BundleException e) {
            System.getLogger(Node.class.getName()).log(Level.ERROR, "The framework does not start", e);
            err.println("ham: the framework does not start: " + e.getMessage());
            return 1;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        // Left by the bundle that ended the framework; outside of it there is no other word between the two.
        var code = Integer.getInteger("ham.exit.code", 0);
        if (code != 0) {
            err.println("ham: " + System.getProperty("ham.exit.message", "failed"));
        }
        return code;
    }
}
