package org.ham.itests.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.ham.recovery.RecoveryException;
import org.junit.jupiter.api.Test;

/** {@code docs/recovery-map.md} has a row for each function of the original's library, and everything a row names exists. */
final class RecoveryMapTest {
    private static final List<String> FUNCTIONS = List.of("""
            ha_attach ha_detach ha_connection_ctrl ha_open ha_open64 ha_creat ha_creat64 ha_fopen
            ha_ConnectAttach ha_ConnectAttach_r ha_close ha_fclose ha_ConnectDetach ha_ConnectDetach_r
            ha_dup ha_reopen ha_ReConnectAttach
            """.strip().split("\\s+"));

    private static final FunctionMap MAP =
            FunctionMap.read("recovery-map.md", "ha_", List.of("org.ham.recovery", "java.io", "java.nio.channels"));

    @Test
    void hasARowForEachFunctionInTheirOrder() {
        assertThat(FUNCTIONS).hasSize(17).doesNotHaveDuplicates();
        MAP.hasRowsFor(FUNCTIONS);
    }

    @Test
    void eachRowNamesACounterpartThatExists() {
        MAP.namesCounterpartsThatExist();
    }

    @Test
    void eachRowNamesCodesThatExist() {
        MAP.namesOnly(Stream.of(RecoveryException.Code.values()).map(Enum::name).toList());
    }

    @Test
    void eachTestThatThePageNamesExists() throws IOException {
        FunctionMap.namesTestsThatExist("recovery-map.md");
    }

    @Test
    void eachRowNamesATestThatExists() {
        MAP.namesTestsThatExist();
    }
}
