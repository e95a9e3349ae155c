package org.ham.detector.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void whatIsNotSaidIsIgnoreADebugger() {
        var settings = Settings.read(name -> name.equals("ham.run.dir") ? "/run/x" : null, Map.of());
        assertThat(settings).isEqualTo(new Settings(Path.of("/run/x"), true));
    }

    @Test
    void aDebuggerMayCount() {
        assertThat(Settings.read(_ -> "count", Map.of()).tracersExcuse()).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.read(_ -> "maybe", Map.of()))
                .withMessage("ham.heartbeat.debugger: expected ignore or count, found 'maybe'");
    }
}
