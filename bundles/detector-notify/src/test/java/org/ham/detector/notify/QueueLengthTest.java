package org.ham.detector.notify;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueueLengthTest {
    @TempDir
    private Path folder;

    private Path setting(String text) throws IOException {
        return Files.writeString(folder.resolve("max_dgram_qlen"), text);
    }

    private static String during(Path setting) {
        return QueueLength.raised(setting, () -> read(setting));
    }

    private static String read(Path setting) {
        try {
            return Files.readString(setting).strip();
        } catch (IOException e) {
            return "none";
        }
    }

    @Test
    void itIsRaisedForJustThatMoment() throws IOException {
        var setting = setting("10\n");
        assertThat(during(setting)).isEqualTo("512");
        assertThat(read(setting)).isEqualTo("10");
    }

    @Test
    void itIsPutBackWhenTheSocketCannotBeMade() throws IOException {
        var setting = setting("10\n");
        assertThatIllegalStateException()
                .isThrownBy(() -> QueueLength.raised(setting, () -> {
                    throw new IllegalStateException("no");
                }));
        assertThat(read(setting)).isEqualTo("10");
    }

    @Test
    void aSettingOfTheKernelIsReadWhole() throws IOException, InterruptedException {
        // Never a single digit, and world-readable.
        var setting = Path.of("/proc/sys/kernel/pid_max");
        var cat = new ProcessBuilder("cat", setting.toString()).start();
        var whole = new String(cat.getInputStream().readAllBytes(), US_ASCII).strip();
        assertThat(cat.waitFor()).isZero();
        assertThat(QueueLength.read(setting)).isEqualTo(Integer.parseInt(whole)).isGreaterThan(9);
    }

    @Test
    void whatIsEnoughOrUnknownIsLeftAlone() throws IOException {
        assertThat(during(setting("1000\n"))).isEqualTo("1000");
        assertThat(during(setting("many\n"))).isEqualTo("many");
        assertThat(during(folder.resolve("nothing"))).isEqualTo("none");
    }
}
