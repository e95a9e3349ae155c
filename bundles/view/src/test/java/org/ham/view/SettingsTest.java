package org.ham.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void isUnderTheRunDirUnlessToldOtherwise() {
        assertThat(read(Map.of("ham.run.dir", "/run/x")).mount()).contains(Path.of("/run/x/view"));
        assertThat(read(Map.of("ham.run.dir", "/run/x")).asked()).isFalse();
        assertThat(read(Map.of("ham.run.dir", "/run/x", "ham.view.mount", "tree"))
                        .mount())
                .contains(Path.of("/run/x/tree"));
        assertThat(read(Map.of("ham.run.dir", "/run/x", "ham.view.mount", "/srv/ham")))
                .isEqualTo(new Settings(Path.of("/run/x"), java.util.Optional.of(Path.of("/srv/ham")), true));
    }

    @Test
    void isNowhereWhenSwitchedOff() {
        assertThat(read(Map.of("ham.run.dir", "/run/x", "ham.view.mount", "off"))
                        .mount())
                .isEmpty();
    }

    private static Settings read(Map<String, String> properties) {
        return Settings.from(properties::get, Map.of());
    }
}
