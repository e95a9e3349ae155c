package org.ham.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.ham.api.RaiseMatch;
import org.ham.api.StateMatch;
import org.ham.api.StateSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which states and raises a condition matches. Point 10 of those that are easy to get wrong. */
class StatesAndRaisesTest {
    private final Sim sim = new Sim();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // from | to  | before | after | fires
                "any      | any     | 0 | 0 | true",
                "any      | 3       | 0 | 3 | true",
                "any      | 3       | 0 | 2 | false",
                "0        | any     | 0 | 3 | true",
                "0        | any     | 3 | 0 | false",
                "any      | 0       | 3 | 0 | true",
                "any      | 0       | 0 | 0 | true",
                "1,2      | 4       | 2 | 4 | true",
                "1,2      | 4       | 0 | 4 | false",
                "not 1,2  | 4       | 0 | 4 | true",
                "not 1,2  | 4       | 1 | 4 | false",
                "any      | not 4   | 0 | 5 | true",
                "any      | not 4,5 | 0 | 5 | false",
                "-1       | 7       | -1 | 7 | true",
            })
    void stateConditionsMatchSetsInvertedSetsExactZeroAndAny(
            String from, String to, int before, int after, boolean fires) {
        var match = new StateMatch(StateSet.parse(from), StateSet.parse(to));
        sim.running("web", Sim.onState("changed", match));
        if (before != 0) {
            sim.report(before);
            sim.entity("web").lanes().forEach(lane -> sim.ok("web", "changed/log"));
        }
        sim.report(after);
        assertThat(sim.inFlight("web")).isEqualTo(fires ? List.of("changed/log") : List.of());
        assertThat(sim.entity("web").state()).isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // type | class | severity | fires for 0 2 5
                "any | any | any | true",
                "0   | any | any | true",
                "1   | any | any | false",
                "0   | 2   | 5   | true",
                "0   | 0   | 5   | false",
                "any | 2   | 4   | false",
                "any | 2   | 4+  | true",
                "any | any | 5+  | true",
                "any | any | 6+  | false",
            })
    void severityIsEqualityUnlessAtLeastIsAskedForAndAnyIsNotZero(
            String type, String category, String severity, boolean fires) {
        sim.running("web", Sim.onRaise("raised", RaiseMatch.parse(type, category, severity)));
        sim.apply(new Input.RaiseFor("web", 0, 0, 2, 5));
        assertThat(sim.inFlight("web")).isEqualTo(fires ? List.of("raised/log") : List.of());
        assertThat(sim.line("raise").orElseThrow().data())
                .containsAllEntriesOf(Map.of("type", 0L, "class", 2L, "severity", 5L));
    }
}
