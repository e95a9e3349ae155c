package org.ham.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class SamplesTest {
    private static Samples of(LongStream values) {
        var samples = new Samples();
        values.forEach(samples::add);
        return samples;
    }

    @Test
    void thePercentilesOfAHundredValuesAreTheValuesThemselves() {
        var samples = of(LongStream.rangeClosed(1, 100).map(i -> 101 - i));
        assertThat(samples.median()).isEqualTo(50);
        assertThat(samples.percentile(99)).isEqualTo(99);
        assertThat(samples.percentile(100)).isEqualTo(100);
        assertThat(samples.count()).isEqualTo(100);
    }

    @Test
    void aSingleValueIsEachPercentile() {
        var samples = of(LongStream.of(7));
        assertThat(samples.percentile(0)).isEqualTo(7);
        assertThat(samples.percentile(99)).isEqualTo(7);
    }

    @Test
    void fewValuesHaveTheirLargestAsTheHighPercentile() {
        assertThat(of(LongStream.of(3, 1, 2)).percentile(99)).isEqualTo(3);
        assertThat(of(LongStream.of(3, 1, 2)).median()).isEqualTo(2);
    }

    @Test
    void nothingMeasuredIsSaid() {
        assertThatThrownBy(() -> new Samples().median()).hasMessage("nothing was measured");
    }

    @Test
    void aTableIsMarkdown() {
        var table = new Table("what", "ms");
        table.row("kill", Table.millis(412_345));
        assertThat(table).hasToString("| what | ms |\n|---|---|\n| kill | 0.41 |\n");
    }

    @Test
    void aRatioIsOfTheSamePercentiles() {
        assertThat(Table.ratio(of(LongStream.of(1, 3)), of(LongStream.of(1, 2)), 99))
                .isEqualTo("1.50");
        assertThat(Table.ratio(of(LongStream.of(1)), new Samples(), 50)).isEqualTo("–");
    }
}
