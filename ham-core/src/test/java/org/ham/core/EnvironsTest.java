package org.ham.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.ham.api.HeartbeatSpec;
import org.ham.api.ProcessId;
import org.ham.spi.Roster.Member;
import org.ham.spi.Surroundings;
import org.junit.jupiter.api.Test;

class EnvironsTest {
    private final Environs environs = new Environs();
    private int prepared;

    private Surroundings part(String name, String value) {
        return new Surroundings() {
            @Override
            public void prepare() {
                prepared++;
            }

            @Override
            public Map<String, String> variables(String entity, Optional<HeartbeatSpec> heartbeat) {
                if (value.isEmpty()) {
                    throw new IllegalStateException("broken");
                }
                return Map.of(name, value + entity);
            }
        };
    }

    @Test
    void allPartsAreAskedAndABrokenOneKeepsNoneFromTheStart() {
        var gone = part("C", "c");
        environs.add(part("A", "a"));
        environs.add(part("B", ""));
        environs.add(gone);
        environs.remove(gone);
        environs.prepareAll();

        assertThat(prepared).isEqualTo(2);
        assertThat(environs.variables("web", Optional.empty())).isEqualTo(Map.of("A", "aweb"));
    }

    @Test
    void membersAreFoundByPidAndByNameUntilTheirProcessIsGivenUp() {
        var members = new Members();
        var first = new ProcessId(7, 1, 1, "boot");
        var second = new ProcessId(8, 1, 2, "boot");
        members.put("web", first, true);
        members.put("web", second, true);
        members.remove(first);

        assertThat(members.of(7)).isEmpty();
        assertThat(members.of(8)).contains(new Member("web", second, true));
        assertThat(members.of("web")).contains(new Member("web", second, true));
        members.remove(second);
        assertThat(members.of("web")).isEmpty();
    }
}
