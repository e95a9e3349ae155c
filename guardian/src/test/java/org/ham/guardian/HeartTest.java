package org.ham.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ham.guardian.BeatPage.Beat;
import org.ham.guardian.BeatPage.Line;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeartTest {
    private static final long MS = 1_000_000;

    @TempDir
    private Path folder;

    private final FakeMirror mirror = new FakeMirror();
    private final FakeMachine machine = new FakeMachine();
    private final FakeFramework framework = new FakeFramework();
    private final Completeness complete = new Completeness() {
        @Override
        public List<String> missing() {
            return List.of();
        }

        @Override
        public boolean mayBeReady() {
            return whole;
        }
    };
    private boolean whole = true;
    private FakeRole role;
    private Heart heart;

    @BeforeEach
    void start() throws IOException {
        role = new FakeRole(folder);
        heart = new Heart(framework.context(), role, mirror, complete);
    }

    @Test
    void theHamBeatsOncePerPeriodHoweverOftenTheLoopTurns() {
        role.primary = true;
        assertThat(heart.turned(3, 1_000 * MS)).isEqualTo(200 * MS);
        assertThat(heart.turned(4, 1_050 * MS)).isEqualTo(150 * MS);
        assertThat(role.page().read(Line.HAM)).isEqualTo(new Beat(FakeMachine.ME, 1, 1_000 * MS, 3, true));
        heart.turned(5, 1_200 * MS);
        assertThat(role.page().read(Line.HAM)).isEqualTo(new Beat(FakeMachine.ME, 2, 1_200 * MS, 5, true));
        assertThat(role.page().read(Line.GUARDIAN).pid()).isZero();
    }

    @Test
    void aGuardianSaysWhetherItIsReady() {
        role.guarded = Optional.of(machine.add(50));
        mirror.caughtUp = false;
        heart.turned(1, 0);
        assertThat(role.page().read(Line.GUARDIAN).ready()).isFalse();
        mirror.caughtUp = true;
        heart.turned(1, 10 * MS);
        assertThat(role.page().read(Line.GUARDIAN).ready()).isTrue();
    }

    @Test
    void oneThatIsToLeadIsReadyOnlyWhenItIsWhole() {
        role.guarded = Optional.of(machine.add(50));
        whole = false;
        heart.turned(1, 0);
        assertThat(role.page().read(Line.GUARDIAN).ready()).isFalse();
        whole = true;
        heart.turned(1, 10 * MS);
        assertThat(role.page().read(Line.GUARDIAN).ready()).isTrue();
    }

    @Test
    void afterATakeoverItBeatsAsTheHam() {
        role.guarded = Optional.of(machine.add(50));
        heart.turned(1, 0);
        role.primary = true;
        heart.turned(1, 200 * MS);
        assertThat(role.page().read(Line.HAM).pid()).isEqualTo(FakeMachine.ME);
    }

    @Test
    void theHamSaysWhenItDoesNotBeatForAWhile() {
        heart.ended();
        assertThat(role.page().read(Line.HAM).away()).isFalse();
        role.primary = true;
        heart.turned(3, 1_000 * MS);
        heart.ended();
        assertThat(role.page().read(Line.HAM)).isEqualTo(new Beat(FakeMachine.ME, 2, 1_000 * MS, 3, false, true));
        heart.turned(3, 1_200 * MS);
        assertThat(role.page().read(Line.HAM).away()).isFalse();
    }

    @Test
    void whoHasNoRoleDoesNotBeat() {
        heart.turned(1, 0);
        assertThat(role.page().read(Line.HAM).pid()).isZero();
        assertThat(role.page().read(Line.GUARDIAN).pid()).isZero();
        heart.close();
        assertThat(framework.services).isEmpty();
    }
}
