package org.ham.detector.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ham.api.ProcessId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel's files say of a process that does not beat. */
class KernelExcusesTest {
    private static final ProcessId PROCESS = new ProcessId(42, 1, 1, "boot");

    @TempDir
    private Path root;

    @BeforeEach
    void machine() throws IOException {
        write(
                "proc/mounts",
                "proc /proc proc rw 0 0\n" + "cgroup " + root + "/v1/freezer cgroup rw,freezer 0 0\n" + "cgroup2 "
                        + root + "/v2 cgroup2 rw 0 0\n");
        write("proc/42/cgroup", "9:name=systemd:/\n6:freezer:/jail\n0::/apps/web\n");
        write("proc/42/status", "Name:\tweb\nState:\tT (stopped)\nTracerPid:\t0\n");
        write("v2/apps/web/cgroup.events", "populated 1\nfrozen 0\n");
        write("v1/freezer/jail/freezer.state", "THAWED\n");
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.writeString(root.resolve(file), text);
    }

    private Excuse excuse(boolean tracersExcuse) {
        return new KernelExcuses(root.resolve("proc"), tracersExcuse).of(PROCESS);
    }

    @Test
    void oneThatWasStoppedHasNone() {
        assertThat(excuse(true)).isEqualTo(Excuse.NONE);
    }

    @Test
    void aFrozenControlGroupIsOneInBothVersions() throws IOException {
        write("v2/apps/web/cgroup.events", "populated 1\nfrozen 1\n");
        assertThat(excuse(false)).isEqualTo(Excuse.FROZEN);
        machine();
        write("v1/freezer/jail/freezer.state", "FROZEN\n");
        assertThat(excuse(false)).isEqualTo(Excuse.FROZEN);
    }

    @Test
    void aDebuggerIsOneUnlessItIsToCount() throws IOException {
        write("proc/42/status", "Name:\tweb\nTracerPid:\t77\n");
        assertThat(excuse(true)).isEqualTo(Excuse.TRACED);
        assertThat(excuse(false)).isEqualTo(Excuse.NONE);
    }

    @Test
    void whereNothingCanBeReadThereIsNone() throws IOException {
        Files.delete(root.resolve("proc/42/cgroup"));
        Files.delete(root.resolve("proc/42/status"));
        assertThat(excuse(true)).isEqualTo(Excuse.NONE);
        assertThat(new KernelExcuses(root.resolve("nothing"), true).of(PROCESS)).isEqualTo(Excuse.NONE);
    }

    @Test
    void thisProcessHasNone() {
        var self = new ProcessId(ProcessHandle.current().pid(), 1, 1, "boot");
        assertThat(new KernelExcuses(Path.of("/proc"), true).of(self)).isEqualTo(Excuse.NONE);
    }
}
