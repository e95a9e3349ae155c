package org.ham.itests.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.ham.api.HamException;
import org.junit.jupiter.api.Test;

/** {@code docs/api-map.md} has a row for each function of the original, and everything a row names exists. */
final class ApiMapTest {
    /** All 56 of version 6.6 and the one that 8.0 added. */
    private static final List<String> FUNCTIONS = List.of("""
            ham_connect ham_connect_nd ham_connect_node ham_disconnect ham_disconnect_nd
            ham_disconnect_node ham_entity_handle ham_condition_handle ham_action_handle
            ham_entity_handle_node ham_condition_handle_node ham_action_handle_node ham_entity_handle_free
            ham_condition_handle_free ham_action_handle_free ham_attach_self ham_detach_self ham_attach
            ham_attach_node ham_detach ham_detach_name ham_detach_name_node ham_entity ham_entity_node
            ham_condition ham_condition_state ham_condition_raise ham_condition_remove ham_action_restart
            ham_action_execute ham_action_waitfor ham_action_notify_pulse ham_action_notify_pulse_node
            ham_action_notify_signal ham_action_notify_signal_node ham_action_heartbeat_healthy
            ham_action_log ham_action_remove ham_action_fail_execute ham_action_fail_waitfor
            ham_action_fail_notify_pulse ham_action_fail_notify_pulse_node ham_action_fail_notify_signal
            ham_action_fail_notify_signal_node ham_action_fail_log ham_action_fail_remove ham_heartbeat
            ham_heartbeat_control ham_entity_condition_state ham_entity_condition_raise ham_entity_control
            ham_condition_control ham_action_control ham_verbose ham_stop ham_stop_nd ham_stop_node
            """.strip().split("\\s+"));

    private static final FunctionMap MAP =
            FunctionMap.read("api-map.md", "ham_", List.of("org.ham.api", "org.ham.client"));

    @Test
    void hasARowForEachFunctionInTheirOrder() {
        assertThat(FUNCTIONS).hasSize(57).doesNotHaveDuplicates();
        MAP.hasRowsFor(FUNCTIONS);
    }

    @Test
    void eachRowNamesACounterpartThatExists() {
        MAP.namesCounterpartsThatExist();
    }

    @Test
    void eachRowNamesCodesThatExist() {
        MAP.namesOnly(Stream.of(HamException.Code.values()).map(Enum::name).toList());
    }

    @Test
    void eachRowNamesATestThatExists() {
        MAP.namesTestsThatExist();
    }
}
