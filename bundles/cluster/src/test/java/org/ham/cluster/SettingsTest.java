package org.ham.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ham.api.HamException;
import org.ham.api.NodeRights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static final Map<String, String> FILES = Map.of(
            "ham.conf.dir", "/etc/ham",
            "ham.nodes.certificate", "tls/a.crt",
            "ham.nodes.key", "/k/a.key",
            "ham.nodes.trust", "ca.crt");

    private static Settings read(Map<String, String> more) {
        var all = new HashMap<>(FILES);
        all.putAll(more);
        return Settings.from(all::get);
    }

    @Test
    void withoutAnythingNothingIsOpened() {
        var settings = Settings.from(_ -> null);
        assertThat(settings.listen()).isEmpty();
        assertThat(settings.files()).isEmpty();
        assertThat(settings.known()).isEmpty();
        assertThat(settings.silence()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void filesAreRelativeToTheConfigurationFolder() {
        assertThat(read(Map.of("ham.nodes.listen", "[::]:4260")).files())
                .contains(new Settings.Files(
                        Path.of("/etc/ham/tls/a.crt"), Path.of("/k/a.key"), Path.of("/etc/ham/ca.crt")));
    }

    @Test
    void nodesAreWrittenInOneLine() {
        var settings = read(Map.of(
                "ham.nodes.name", "alpha",
                "ham.nodes.silence", "10s",
                "ham.nodes.known", "beta=10.0.0.2:4260/all, gamma=/observe,delta=[fe80::2]:1"));
        assertThat(settings.addresses())
                .isEqualTo(Map.of("beta", new Address("10.0.0.2", 4260), "delta", new Address("fe80::2", 1)));
        assertThat(settings.coming(Stream.of("x", "gamma"))).contains(Map.entry("gamma", NodeRights.OBSERVE));
        assertThat(settings.coming(Stream.of("beta"))).contains(Map.entry("beta", NodeRights.ALL));
        assertThat(settings.coming(Stream.of("delta"))).as("no rights").isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ham.nodes.listen | 4260 | ham.nodes.listen: expected HOST:PORT such as
            ham.nodes.listen | h:66000 | ham.nodes.listen: expected HOST:PORT such as
            ham.nodes.known | beta | ham.nodes.known: expected NODE=HOST:PORT/RIGHTS
            ham.nodes.known | beta=h:1/most | rights 'most': expected one of observe, notify, all
            ham.nodes.known | b/../x=h:1 | ham.nodes.known
            ham.nodes.known | beta=h:1,beta=h:2 | ham.nodes.known: expected each node once
            ham.nodes.name | a b | ham.nodes.name: node 'a b'
            ham.nodes.silence | 1s | ham.nodes.silence: expected a duration from 2s to 1h
            """)
    void whatIsWrongIsNamed(String property, String value, String message) {
        assertThatThrownBy(() -> read(Map.of(property, value)))
                .isInstanceOf(HamException.class)
                .hasMessageContaining(message);
    }

    @Test
    void nodesNeedCertificates() {
        assertThatThrownBy(() -> Settings.from(Map.of("ham.nodes.listen", "h:1")::get))
                .hasMessageContaining("ham.nodes.certificate: expected a PEM file");
    }

    @Test
    void addressesAreReadAndWritten() {
        assertThat(Address.parse("[::1]:0").map(Address::toString)).contains("[::1]:0");
        assertThat(Address.parse("host.example:4260").map(Address::toString)).contains("host.example:4260");
        assertThat(Address.parse("::1:4260")).isEmpty();
    }
}
