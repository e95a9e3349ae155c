package org.ham.guardian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private final Map<String, String> properties = new HashMap<>();

    @BeforeEach
    void place() {
        properties.put("ham.run.dir", "/tmp/x");
    }

    private Settings read(Map<String, String> environment) {
        return Settings.read(properties::get, environment);
    }

    @Test
    void everythingButThePlaceHasADefault() {
        var settings = read(Map.of());
        assertThat(settings.runDir()).isEqualTo(Path.of("/tmp/x"));
        assertThat(settings.beat()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.hangAfter()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.command()).isEmpty();
        assertThat(settings.guardianOf()).isEmpty();
    }

    @Test
    void durationsAreWrittenWithTheirUnit() {
        properties.put("ham.guardian.beat", "50ms");
        properties.put("ham.guardian.hang-after", "2m");
        assertThat(read(Map.of()).beat()).isEqualTo(Duration.ofMillis(50));
        assertThat(read(Map.of()).hangAfter()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void aWrongDurationIsRefusedByName() {
        properties.put("ham.guardian.beat", "soon");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(Map.of()))
                .withMessage("ham.guardian.beat: 'soon' is no duration such as 500ms, 5s, 2m or 1h");
    }

    @Test
    void theBeatIsAThirdOfAShortHangMark() {
        properties.put("ham.guardian.hang-after", "600ms");
        assertThat(read(Map.of()).beat()).isEqualTo(Duration.ofMillis(200));
        assertThat(read(Map.of()).silence()).isEqualTo(Duration.ofMillis(800));
        properties.put("ham.guardian.hang-after", "1h");
        assertThat(read(Map.of()).beat()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aHangMarkTooShortForAnyBeatIsRefused() {
        properties.put("ham.guardian.hang-after", "20ms");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(Map.of()))
                .withMessageStartingWith("ham.guardian.hang-after: ");
    }

    @Test
    void aHangMarkBelowThreeBeatsIsRefused() {
        properties.put("ham.guardian.beat", "200ms");
        properties.put("ham.guardian.hang-after", "500ms");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(Map.of()))
                .withMessageStartingWith("ham.guardian.hang-after: ");
    }

    @Test
    void theCommandIsSplitLikeAShellDoes() {
        properties.put("ham.guardian.command", "java -cp 'lib/*' \"a b\"");
        assertThat(read(Map.of()).command()).containsExactly("java", "-cp", "lib/*", "a b");
    }

    @Test
    void anInvitationIsAPid() {
        assertThat(read(Map.of(Settings.GUARDIAN_OF, "4711")).guardianOf()).hasValue(4711);
        assertThat(read(Map.of(Settings.GUARDIAN_OF, "x")).guardianOf()).isEmpty();
        assertThat(read(Map.of(Settings.GUARDIAN_OF, "0")).guardianOf()).isEmpty();
    }
}
