package org.ham.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ExitEventsTest {
    private static final ProcessRef PROCESS = new ProcessRef(7, 100, 1, "boot");
    private static final ProcessRef NEXT = new ProcessRef(7, 900, 2, "boot");
    private static final int CODE_3 = 3 << 8;
    private static final int KILLED = 9;
    private static final int DUMPED = 11 | 0x80;

    private final ExitEvents events = new ExitEvents();

    @BeforeEach
    void expect() {
        events.expect(PROCESS);
    }

    @Test
    void nothingIsToldBeforeTheExit() {
        assertThat(events.of(PROCESS)).isEmpty();
        events.exited(8, 8, KILLED);
        events.exited(9, 7, 0);
        assertThat(events.of(PROCESS)).isEmpty();
    }

    @Test
    void aProcessOfOneThreadEndsAsItDoes() {
        events.exited(7, 7, DUMPED);
        assertThat(events.of(PROCESS)).contains(ExitStatus.signalled(11, true));
    }

    @Test
    void threadsThatEndTogetherEndAlike() {
        events.exited(8, 7, CODE_3);
        events.exited(7, 7, CODE_3);
        events.exited(9, 7, CODE_3);
        assertThat(events.of(PROCESS)).contains(ExitStatus.exited(3));
    }

    @Test
    void aSignalAfterTheMainThreadHasLeftIsTheEnd() {
        events.exited(7, 7, 0);
        events.exited(8, 7, 0);
        events.exited(9, 7, KILLED);
        assertThat(events.of(PROCESS)).contains(ExitStatus.signalled(9, false));
    }

    @Test
    void anExitAfterTheMainThreadHasLeftIsNotGuessedAt() {
        events.exited(7, 7, 0);
        events.exited(8, 7, CODE_3);
        assertThat(events.of(PROCESS)).contains(ExitStatus.UNKNOWN);
    }

    @Test
    void aThreadThatExecutesAnotherProgramTakesTheMainOnesPlace() {
        events.exited(7, 7, 0);
        events.exited(8, 7, CODE_3);
        events.exited(7, 7, KILLED);
        assertThat(events.of(PROCESS)).contains(ExitStatus.signalled(9, false));
    }

    @Test
    void whatMayHaveBeenLostIsUnknownUntilTheProcessIsKnownToLive() {
        events.lost();
        assertThat(events.of(PROCESS)).contains(ExitStatus.UNKNOWN);
        events.exited(7, 7, KILLED);
        assertThat(events.of(PROCESS)).contains(ExitStatus.UNKNOWN);
        events.expect(PROCESS);
        assertThat(events.of(PROCESS)).isEmpty();
        events.exited(7, 7, KILLED);
        assertThat(events.of(PROCESS)).contains(ExitStatus.signalled(9, false));
    }

    @Test
    void aLaterProcessOfThatPidIsNotTheEarlierOne() {
        events.exited(7, 7, KILLED);
        events.expect(NEXT);
        assertThat(events.of(NEXT)).isEmpty();
        assertThat(events.of(PROCESS)).contains(ExitStatus.signalled(9, false));
        events.forget(PROCESS);
        events.exited(7, 7, CODE_3);
        assertThat(events.of(NEXT)).contains(ExitStatus.exited(3));
    }

    @Test
    void nothingIsKeptOfWhatNobodyExpects() {
        events.forget(NEXT);
        assertThat(events.isEmpty()).isFalse();
        events.forget(PROCESS);
        events.exited(7, 7, KILLED);
        assertThat(events.isEmpty()).isTrue();
        assertThat(events.of(PROCESS)).contains(ExitStatus.UNKNOWN);
    }
}
