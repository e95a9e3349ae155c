package org.ham.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ham.api.StartSpec;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static final StartSpec BARE = StartSpec.of(List.of("sleep", "1"));

    @Test
    void whatWasLeftEmptyIsEmptyAgain() {
        assertThat(Json.fromMap(Json.toMap(BARE), StartSpec.class)).isEqualTo(BARE);
    }

    @Test
    void aJournalWithoutNullsReadsTheSame() {
        Map<String, Object> line =
                Map.of("command", List.of("sleep", "1"), "environment", Map.of(), "limits", Map.of());
        assertThat(Json.fromMap(line, StartSpec.class)).isEqualTo(BARE);
    }

    @Test
    void whatWasGivenStays() {
        var full = new StartSpec(
                List.of("a"),
                Optional.of("/srv"),
                Map.of("LANG", "C"),
                Optional.of("nobody"),
                Map.of("nofile", 7L),
                Optional.of("a.log"));
        assertThat(Json.fromMap(Json.toMap(full), StartSpec.class)).isEqualTo(full);
    }
}
