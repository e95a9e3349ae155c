package org.ham.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.config.Reconciler.Next;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconcilerTest {
    private final RecordingHam ham = new RecordingHam();
    private final RecordingMirror mirror = new RecordingMirror();
    private final RecordingHost host = new RecordingHost();
    private long now;

    @TempDir
    private Path folder;

    private Path entities = Path.of("");
    private Reconciler reconciler =
            new Reconciler(new EntityFolder(Path.of("")), new Ledger(Path.of("")), ham, mirror, host);

    @BeforeEach
    void begin() throws IOException {
        entities = Files.createDirectory(folder.resolve("entities"));
        reconciler = reconciler();
    }

    private Reconciler reconciler() {
        return new Reconciler(new EntityFolder(folder), ledger(), ham, mirror, host);
    }

    private Ledger ledger() {
        var ledger = new Ledger(folder.resolve("config-entities"));
        try {
            ledger.load();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return ledger;
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(entities.resolve(file), text);
    }

    /** Looks, half a second and more after the last time. */
    private Next look() {
        now += 600_000_000;
        host.clock = () -> now;
        return reconciler.apply();
    }

    @Test
    void declaresEachFileOnceAndAgainWhenItChanges() throws Exception {
        write("a.yaml", "{entity: a, start: [one]}");
        write("b.yaml", "{entity: b, start: [one]}\n---\n{entity: c, pid: 3}");
        write("notes.txt", "no entity");
        write(".a.yaml", "no entity");

        assertThat(look()).isEqualTo(Next.NEVER);
        assertThat(ham.calls()).containsExactly("config declares a", "config declares b", "config declares c");

        look();
        assertThat(ham.calls()).isEmpty();

        write("a.yaml", "{entity: a, start: [two]}");
        look();
        assertThat(ham.calls()).containsExactly("config declares a");
    }

    @Test
    void keepsTheLastGoodVersionOfAFileThatIsWrong() throws Exception {
        write("a.yaml", "{entity: a, start: [one]}");
        look();
        ham.calls();

        write("a.yaml", "{entity: a, strat: [two]}");
        look();
        assertThat(look()).isEqualTo(Next.NEVER);
        assertThat(ham.calls()).isEmpty();
        assertThat(mirror.alarms().get("config:a.yaml")).contains("a.yaml:1:20: strat: unknown key");

        write("a.yaml", "{entity: a, start: [two]}");
        look();
        assertThat(ham.calls()).containsExactly("config declares a");
        assertThat(mirror.alarms()).isEmpty();
    }

    @Test
    void detachesWhatNoFileDeclaresAnyMoreAtTheSecondLook() throws Exception {
        write("a.yaml", "{entity: a, start: [one]}\n---\n{entity: b, start: [one]}");
        look();
        ham.calls();

        write("a.yaml", "{entity: a, start: [one]}");
        assertThat(look()).isEqualTo(Next.SOON);
        Files.delete(entities.resolve("a.yaml"));
        assertThat(look()).isEqualTo(Next.SOON);
        assertThat(look()).isEqualTo(Next.NEVER);

        assertThat(ham.calls()).containsExactly("config declares a", "config detaches b", "config detaches a");
        assertThat(host.signals()).isEmpty();
    }

    @Test
    void aLookThatComesTooEarlyDoesNotCountAsTheSecond() throws Exception {
        write("a.yaml", "{entity: a, start: [one]}");
        look();
        Files.delete(entities.resolve("a.yaml"));
        look();
        ham.calls();

        assertThat(reconciler.apply()).isEqualTo(Next.SOON);
        assertThat(ham.calls()).isEmpty();
        assertThat(look()).isEqualTo(Next.NEVER);
        assertThat(ham.calls()).containsExactly("config detaches a");
    }

    @Test
    void doesNotDetachAFileThatAnEditorPutsBack() throws Exception {
        write("a.yaml", "{entity: a, start: [one]}");
        look();
        Files.move(entities.resolve("a.yaml"), entities.resolve("a.yaml~"));
        look();
        Files.move(entities.resolve("a.yaml~"), entities.resolve("a.yaml"));
        look();
        look();

        assertThat(ham.calls()).containsExactly("config declares a");
    }

    @Test
    void followsAFileToAnotherName() throws Exception {
        write("a.yaml", "{entity: a, start: [one]}");
        look();
        Files.move(entities.resolve("a.yaml"), entities.resolve("b.yaml"));
        look();

        assertThat(look()).isEqualTo(Next.NEVER);
        assertThat(ham.calls()).containsExactly("config declares a");
    }

    @Test
    void stopsTheProcessWhenTheLastGoodVersionSaidSo() throws Exception {
        write("a.yaml", "{entity: a, start: [one], on-remove: stop}");
        look();
        Files.delete(entities.resolve("a.yaml"));
        look();
        look();

        assertThat(ham.calls()).containsExactly("config declares a", "config detaches a");
        assertThat(host.signals()).containsExactly("15 to 100");
        assertThat(mirror.signals()).containsExactly("config SIGTERM a 100: a.yaml has gone, and said on-remove: stop");
    }

    @Test
    void neverStopsAnotherProcessUnderAReusedPid() throws Exception {
        write("a.yaml", "{entity: a, start: [one], on-remove: stop}");
        look();
        Files.delete(entities.resolve("a.yaml"));
        host.startTime(8);
        look();
        look();

        assertThat(ham.calls()).contains("config detaches a");
        assertThat(host.signals()).isEmpty();
    }

    @Test
    void refusesTheSecondFileThatDeclaresAnEntity() throws Exception {
        write("b.yaml", "{entity: a, start: [one]}\n---\n{entity: b, start: [one]}");
        look();
        ham.calls();

        write("a.yaml", "{entity: a, start: [two]}");
        look();
        look();

        assertThat(ham.calls()).containsExactly("config declares a");
        assertThat(mirror.alarms())
                .containsEntry(
                        "config:b.yaml",
                        "b.yaml: entity 'a' stands in a.yaml already, so b.yaml is refused; rename it in one of the two");
    }

    @Test
    void reportsWhatHamRefusesAndTriesItAgain() throws Exception {
        ham.refuse("a", new HamException(Code.INVALID, "unknown action type 'page'"));
        write("a.yaml", "{entity: a, start: [one]}");

        assertThat(look()).isEqualTo(Next.LATER);
        assertThat(mirror.alarms())
                .containsEntry("config:a.yaml", "a.yaml: entity 'a' is refused: unknown action type 'page'");

        ham.accept("a");
        assertThat(look()).isEqualTo(Next.NEVER);
        assertThat(mirror.alarms()).isEmpty();
        assertThat(ham.entities()).containsKey("a");
    }

    @Test
    void triesADetachAgainThatDidNotSucceed() throws Exception {
        write("a.yaml", "{entity: a, start: [one]}");
        look();
        Files.delete(entities.resolve("a.yaml"));
        ham.refuse("a", new HamException(Code.TIMED_OUT, "no answer"));
        look();

        assertThat(look()).isEqualTo(Next.LATER);
        ham.accept("a");
        assertThat(look()).isEqualTo(Next.NEVER);
        assertThat(ham.entities()).isEmpty();
        assertThat(mirror.alarms()).isEmpty();
    }

    @Test
    void detachesWhatVanishedWhileNobodyLooked() throws Exception {
        write("a.yaml", "{entity: a, start: [one]}");
        write("b.yaml", "{entity: b, start: [one]}");
        look();
        Files.delete(entities.resolve("a.yaml"));
        ham.calls();

        reconciler = reconciler();
        look();
        look();

        assertThat(ham.calls()).containsExactly("config detaches a");
    }

    @Test
    void clearsTheAlarmOfAFileThatWasMendedWhileNobodyLooked() throws Exception {
        write("a.yaml", "wrong");
        look();
        assertThat(mirror.alarms()).containsOnlyKeys("config:a.yaml");
        Files.delete(entities.resolve("a.yaml"));

        reconciler = reconciler();
        look();

        assertThat(mirror.alarms()).isEmpty();
    }

    @Test
    void emptiesTheGlobalEntityWhenItsFileGoes() throws Exception {
        write("all.yaml", "{entity: '*', conditions: {c: {when: death, actions: [log: {message: m}]}}}");
        look();
        Files.delete(entities.resolve("all.yaml"));
        look();
        look();

        assertThat(ham.calls()).containsExactly("config declares *", "config declares *");
        assertThat(ham.entities().get("*"))
                .satisfies(all -> assertThat(all.conditions()).isEmpty());
    }

    @Test
    void keepsEverythingWhenTheFolderIsGone() throws Exception {
        assertThat(look()).isEqualTo(Next.NEVER);
        write("a.yaml", "{entity: a, start: [one]}");
        look();
        Files.move(entities, folder.resolve("away"));
        look();
        assertThat(look()).isEqualTo(Next.LATER);

        assertThat(ham.calls()).containsExactly("config declares a");
        assertThat(mirror.alarms())
                .containsEntry("config:entities", entities + " is gone; its entities are kept as they are");

        Files.move(folder.resolve("away"), entities);
        look();
        assertThat(mirror.alarms()).isEmpty();
        assertThat(ham.calls()).isEmpty();
    }

    @Test
    void reportsAFileThatCannotBeRead() throws Exception {
        Files.createDirectory(entities.resolve("a.yaml"));
        look();

        assertThat(mirror.alarms().get("config:a.yaml")).isEqualTo("a.yaml: cannot be read: it is no regular file");
    }

    @Test
    void doesNotWaitForSomebodyToWriteToAPipe() throws Exception {
        var pipe = entities.resolve("a.yaml");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        look();

        assertThat(mirror.alarms()).containsEntry("config:a.yaml", "a.yaml: cannot be read: it is no regular file");
    }

    @Test
    void aLedgerThatIsNotWholeIsRefused() throws Exception {
        write("a.yaml", "{entity: a, start: [one]}");
        look();
        var path = folder.resolve("config-entities");
        var text = Files.readString(path);
        Files.writeString(path, text.substring(0, text.lastIndexOf("end")));

        assertThatThrownBy(() -> new Ledger(path).load())
                .isInstanceOf(IOException.class)
                .hasMessage("it is not whole");
    }
}
