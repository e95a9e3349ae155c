package org.ham.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QuietTest {
    private final AtomicLong now = new AtomicLong(5);
    private final Quiet quiet = new Quiet(Duration.ofNanos(10), now::get);

    @Test
    void aShortOneEndsWhenSomethingIsSaid() {
        now.set(14);
        assertThat(quiet.endsShort()).isTrue();
        now.set(23);
        assertThat(quiet.endsShort()).isTrue();
    }

    @Test
    void aLongOneGoesOnUntilItIsEnded() {
        now.set(15);
        assertThat(quiet.endsShort()).isFalse();
        assertThat(quiet.endsShort()).isFalse();
        quiet.end();
        assertThat(quiet.endsShort()).isTrue();
    }
}
