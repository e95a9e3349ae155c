package org.ham.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuseTest {
    private static final int INIT = 26;

    @TempDir
    private Path folder;

    /** A file system that nobody serves makes everybody wait who looks at it, the one who deletes the folder as well. */
    @AfterEach
    void leaveNothing() {
        if (mountable()) {
            try (Kit kit = new Kit()) {
                kit.linux.mounts().detach(folder);
            }
        }
    }

    @Test
    void readsTheTableOfMountsAsItIsEscaped() throws Exception {
        String table = """
                22 1 0:20 / / rw - ext4 /dev/root rw
                36 22 0:41 / /run/my\\040ham/view ro,nosuid shared:7 - fuse.ham ham ro,user_id=0
                37 36 0:42 / /run/x rw - tmpfs tmpfs rw
                38 37 0:43 / /run/x rw master:1 propagate_from:2 - fuse.ham ham rw
                """;
        assertThat(typeAt("/run/my ham/view", table)).isEqualTo("fuse.ham");
        assertThat(typeAt("/run/x", table)).as("the last one hides the others").isEqualTo("fuse.ham");
        assertThat(typeAt("/", table)).isEqualTo("ext4");
        assertThat(typeAt("/run", table)).isEqualTo("none");
        assertThat(MountTable.typeAt(Path.of("/proc"))).contains("proc");
    }

    private static String typeAt(String place, String table) throws Exception {
        return MountTable.typeAt(Path.of(place), new BufferedReader(new StringReader(table)))
                .orElse("none");
    }

    @Test
    void mountsAndTakesAwayAgain() {
        assumeMountable();
        try (Kit kit = new Kit()) {
            FuseMounts mounts = kit.linux.mounts();
            FuseMount mount = mounts.mount(folder);
            assertThat(mounts.isMounted(folder)).isTrue();
            byte[] request = new byte[FuseMount.LEAST_ROOM];
            int length = mount.read(request);
            ByteBuffer first = ByteBuffer.wrap(request).order(ByteOrder.nativeOrder());
            assertThat(first.getInt(0)).isEqualTo(length);
            assertThat(first.getInt(4)).isEqualTo(INIT);
            assertThat(first.getInt(40)).as("major version").isEqualTo(7);
            assertThatThrownBy(() -> mounts.mount(folder))
                    .isInstanceOf(LinuxException.class)
                    .hasMessageContaining("fuse.ham");
            mount.close();
            assertThat(mounts.isMounted(folder)).isFalse();
            assertThat(mount.read(request)).isEqualTo(-1);
            mount.close();
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void aReaderThatWaitsIsWoken() throws Exception {
        assumeMountable();
        try (Kit kit = new Kit()) {
            FuseMount mount = kit.linux.mounts().mount(folder);
            byte[] request = new byte[FuseMount.LEAST_ROOM];
            mount.read(request);
            Thread reader = Thread.ofPlatform().start(() -> {
                while (mount.read(request) >= 0) {
                    // Whatever it asks, nobody answers.
                }
            });
            mount.close();
            assertThat(reader.join(Kit.DEADLINE)).isTrue();
        }
    }

    @Test
    void takesAwayWhatADeadProcessLeft() {
        assumeMountable();
        try (Kit first = new Kit();
                Kit second = new Kit()) {
            // What the kernel does when a process dies: its end is closed, the mount stays.
            FuseMount mount = first.linux.mounts().mount(folder);
            mount.read(new byte[FuseMount.LEAST_ROOM]);
            Syscall.close(Kit.descriptorOf(Path.of("/dev/fuse")));
            assertThatThrownBy(() -> Files.readAttributes(folder, "*")).hasMessageContaining("connected");
            assertThat(second.linux.mounts().isMounted(folder)).isTrue();
            second.linux.mounts().detach(folder);
            second.linux.mounts().detach(folder);
            assertThat(second.linux.mounts().isMounted(folder)).isFalse();
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void saysWhyNot() {
        assumeMountable();
        try (Kit kit = new Kit()) {
            assertThatThrownBy(() -> kit.linux.mounts().mount(folder.resolve("none")))
                    .isInstanceOf(LinuxException.class)
                    .hasMessageContaining("cannot mount on " + folder.resolve("none"))
                    .hasMessageContaining("ENOENT");
        }
    }

    /** Root and the device; others mount by a program that need not be installed. */
    private static void assumeMountable() {
        assumeTrue(mountable(), "no root or no /dev/fuse");
    }

    private static boolean mountable() {
        return Users.effective() == 0 && Files.isWritable(Path.of("/dev/fuse"));
    }
}
