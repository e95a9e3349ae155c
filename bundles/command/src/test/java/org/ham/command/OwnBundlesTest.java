package org.ham.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnBundlesTest {
    @TempDir
    private Path folder;

    private Path home = Path.of("");
    private Path plugins = Path.of("");
    private Path store = Path.of("");
    private Path core = Path.of("");
    private Path log = Path.of("");

    @BeforeEach
    void make() throws IOException {
        home = folder.resolve("home");
        plugins = Files.createDirectories(folder.resolve("plugins"));
        store = folder.resolve("own");
        Files.createDirectories(home.resolve("bundles"));
        core = bundle(home.resolve("bundles/core.jar"), "org.ham.core", "0.1.0");
        log = bundle(home.resolve("bundles/log.jar"), "org.ham.action.log", "0.1.0");
    }

    private static Path bundle(Path jar, String name, String version) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", name + ";singleton:=true");
        manifest.getMainAttributes().putValue("Bundle-Version", version);
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    private List<Path> choose() {
        return OwnBundles.choose(home, plugins, store);
    }

    @Test
    void aNewerOneRunsInPlaceOfTheDistributionsFromACopy() throws IOException {
        var fresh = bundle(plugins.resolve("any-name.jar"), "org.ham.core", "0.1.1");
        var bytes = Files.readAllBytes(fresh);
        var chosen = choose();
        assertThat(chosen).singleElement().satisfies(copy -> {
            assertThat(copy).hasParent(store).hasBinaryContent(bytes);
        });
        Files.writeString(fresh, "overwritten");
        assertThat(OwnBundles.inPlace(List.of(core, log), chosen)).containsExactly(chosen.getFirst(), log);
        assertThat(chosen.getFirst()).hasBinaryContent(bytes);
        assertThat(OwnBundles.given(chosen.getFirst() + ":" + log)).containsExactly(chosen.getFirst(), log);
        assertThat(OwnBundles.given("")).isEmpty();
    }

    @Test
    void plugInsOfTheUsersOwnOlderOnesAndWhatIsNoBundleAreLeftOut() throws IOException {
        bundle(plugins.resolve("own.jar"), "com.example.page", "1.0.0");
        bundle(plugins.resolve("old.jar"), "org.ham.core", "0.0.9");
        Files.writeString(plugins.resolve("torn.jar"), "no jar");
        Files.writeString(plugins.resolve("notes.txt"), "text");
        assertThat(choose()).isEmpty();
    }

    @Test
    void oneThatDidNotComeUpIsLeftOutUntilItIsAnother() throws Exception {
        var bad = bundle(plugins.resolve("core.jar"), "org.ham.core", "0.1.1");
        Files.createDirectories(store);
        var digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(bad)));
        Files.writeString(store.resolve("rejected"), digest + " " + bad + "\n");
        assertThat(choose()).isEmpty();
        bundle(bad, "org.ham.core", "0.1.2");
        assertThat(choose()).hasSize(1);
    }

    @Test
    void withoutAPlugInFolderThereIsNone() {
        assertThat(OwnBundles.choose(home, folder.resolve("nowhere"), store)).isEmpty();
    }

    @Test
    void thirdPartyBundlesOfTheDistributionCanBeReplacedToo() throws IOException {
        var scr = bundle(home.resolve("bundles/scr.jar"), "org.apache.felix.scr", "2.2.18");
        bundle(plugins.resolve("scr.jar"), "org.apache.felix.scr", "2.2.19");
        assertThat(OwnBundles.inPlace(List.of(core, scr), choose())).first().isEqualTo(core);
        assertThat(OwnBundles.inPlace(List.of(core, scr), choose()).getLast()).hasParent(store);
    }
}
