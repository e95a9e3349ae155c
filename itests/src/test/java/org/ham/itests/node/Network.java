package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Two network namespaces with one cable between them. */
final class Network implements BeforeEachCallback, AfterEachCallback {
    static final String FIRST_ADDRESS = "192.168.213.1";
    static final String SECOND_ADDRESS = "192.168.213.2";

    private final String first = "ham-a" + ProcessHandle.current().pid();
    private final String second = "ham-b" + ProcessHandle.current().pid();

    @Override
    public void beforeEach(ExtensionContext context) {
        assumeTrue(isRoot(), "needs root, to make network namespaces");
        run(List.of("ip", "netns", "add", first));
        run(List.of("ip", "netns", "add", second));
        run(List.of(
                "ip", "-n", first, "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", second));
        begin(first, FIRST_ADDRESS);
        begin(second, SECOND_ADDRESS);
    }

    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void begin(String namespace, String address) {
        run(List.of("ip", "-n", namespace, "addr", "add", address + "/30", "dev", "cable"));
        run(List.of("ip", "-n", namespace, "link", "set", "lo", "up"));
        run(List.of("ip", "-n", namespace, "link", "set", "cable", "up"));
    }

    /** The command that runs another one in the first namespace. */
    String[] inFirst() {
        return new String[] {"nsenter", "--net=/run/netns/" + first};
    }

    /** The command that runs another one in the second namespace. */
    String[] inSecond() {
        return new String[] {"nsenter", "--net=/run/netns/" + second};
    }

    /** Nothing goes through in either direction. */
    void cut() {
        run(List.of("ip", "-n", first, "link", "set", "cable", "down"));
    }

    void mend() {
        run(List.of("ip", "-n", first, "link", "set", "cable", "up"));
    }

    /** What the second one sends goes nowhere; what the first one sends arrives. */
    void cutAnswers() {
        run(List.of(
                "ip",
                "-n",
                second,
                "neigh",
                "replace",
                FIRST_ADDRESS,
                "lladdr",
                "02:00:00:00:00:99",
                "dev",
                "cable",
                "nud",
                "permanent"));
    }

    void mendAnswers() {
        run(List.of("ip", "-n", second, "neigh", "del", FIRST_ADDRESS, "dev", "cable"));
    }

    private static void run(List<String> words) {
        try {
            var process = new ProcessBuilder(words).redirectErrorStream(true).start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("%s: %s", words, said).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        for (var namespace : List.of(first, second)) {
            if (Files.exists(Path.of("/run/netns", namespace))) {
                run(List.of("ip", "netns", "del", namespace));
            }
        }
    }
}
