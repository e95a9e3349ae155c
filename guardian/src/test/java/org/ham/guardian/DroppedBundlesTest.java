package org.ham.guardian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ham.api.Actor;
import org.ham.api.HamException;
import org.ham.spi.Upgrades;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DroppedBundlesTest {
    @TempDir
    private Path folder;

    private final FakeFramework framework = new FakeFramework();
    private final List<String> begun = new CopyOnWriteArrayList<>();
    private volatile @Nullable HamException refusal;
    private FakeRole role;
    private DroppedBundles bundles;
    private Path jar = Path.of("");

    private final Upgrades upgrades = new Upgrades() {
        @Override
        public long begin(Path distribution, Optional<Path> java, List<Path> with, Actor actor) {
            var refused = refusal;
            if (refused != null) {
                refusal = null;
                throw refused;
            }
            begun.add(distribution + " with "
                    + with.stream().map(Path::getFileName).toList());
            return 7;
        }
    };

    @BeforeEach
    void make() throws IOException {
        role = new FakeRole(folder);
        role.command = List.of("/opt/ham/bin/ham-node");
        jar = Files.writeString(folder.resolve("core.jar"), "fresh");
        bundles = new DroppedBundles(framework.context(), role, new FakeMirror(), upgrades);
    }

    @AfterEach
    void close() {
        bundles.close();
    }

    private String copy(Path of) throws IOException {
        var digest = Rejects.in(role.runDir()).name(List.of(of)).getFirst().substring(0, Rejects.DIGEST_SHOWN);
        return "/run/own/" + digest + "-" + of.getFileName();
    }

    @Test
    void whatComesTogetherGoesTogetherAsSoonAsItCan() throws IOException {
        refusal = new HamException(HamException.Code.EXISTS, "an upgrade is under way");
        var other = Files.writeString(folder.resolve("log.jar"), "fresh too");
        assertThat(bundles.offer(jar, "org.ham.core", "0.1.1")).isEmpty();
        assertThat(bundles.offer(other, "org.ham.action.log", "0.1.1")).isEmpty();
        await().until(() -> !begun.isEmpty());
        assertThat(begun).containsExactly("/opt/ham with [core.jar, log.jar]");
    }

    @Test
    void whatRunsAlreadyIsLeftAlone() throws IOException {
        framework.properties.put("ham.bundles.own", copy(jar));
        assertThat(bundles.offer(jar, "org.ham.core", "0.1.1")).isEmpty();
        bundles.close();
        assertThat(begun).isEmpty();
    }

    @Test
    void whatDidNotComeUpIsNotTriedAgainUntilItWasTakenAway() throws IOException {
        var rejects = Rejects.in(role.runDir());
        rejects.add(rejects.name(List.of(jar)));
        assertThat(bundles.offer(jar, "org.ham.core", "0.1.1").orElseThrow()).contains("did not come up");
        bundles.withdraw(jar);
        assertThat(bundles.offer(jar, "org.ham.core", "0.1.1")).isEmpty();
        await().until(() -> !begun.isEmpty());
    }

    @Test
    void whatIsTakenAwayGivesWayToTheDistributionsOwn() throws IOException {
        framework.properties.put("ham.bundles.own", copy(jar));
        bundles.withdraw(jar);
        await().until(() -> begun.contains("/opt/ham with []"));
    }

    @Test
    void aCommandOfTheUsersOwnIsTheReasonWhyNot() {
        role.command = List.of("java", "-jar", "felix.jar");
        assertThat(bundles.offer(jar, "org.ham.core", "0.1.1").orElseThrow()).contains("guardian.command");
    }
}
