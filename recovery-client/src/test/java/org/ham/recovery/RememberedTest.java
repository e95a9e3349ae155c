package org.ham.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ham.recovery.Talks.LET_IN;
import static org.ham.recovery.Talks.START;
import static org.ham.recovery.Talks.extended;
import static org.ham.recovery.Talks.mqtt;
import static org.ham.recovery.Talks.postgres;
import static org.ham.recovery.Talks.received;
import static org.ham.recovery.Talks.redis;
import static org.ham.recovery.Talks.resumed;
import static org.ham.recovery.Talks.sent;
import static org.ham.recovery.Talks.start;

import java.io.IOException;
import java.util.stream.IntStream;
import org.ham.recovery.Conversation.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is said again on a new connection that was not meant for all of a session, and nothing of a session is lost silently. */
class RememberedTest {
    private static final String READY = postgres('C', "x\0") + postgres('Z', "I");
    private static final String IN_TRANSACTION = postgres('C', "x\0") + postgres('Z', "T");
    private static final String REFUSED = postgres('E', "no\0");
    private static final String SSL = start(PostgresTalk.SSL_REQUEST, "");

    private static void query(Conversation talk, String text, State state) {
        sent(talk, postgres('Q', text + "\0"), state);
    }

    private static void assertReplayed(Conversation talk, String answers, String said) throws IOException {
        assertThat(resumed(talk, "N" + LET_IN + answers, "")).isEqualTo(SSL + START + said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET x = 1; INSERT INTO t VALUES (1)",
                "INSERT INTO t VALUES (1); /* ; */ set x = 1",
                "SET x = 1; SET LOCAL y = 2",
                "BEGIN; SET x = 1; ROLLBACK",
                "select ''; set x = 'a'; select 1",
                "-- first\nLISTEN a",
                "/* /* ; */ */ listen a",
                "select 1; listen a",
                "select $$;$$; listen a",
                "select e'\\';'; listen a",
                "select '\\'; listen a; --'",
                "create local temporary table t ()",
                "create or replace temp view v as select 1",
                "select 1 into temp t",
                "select * from pg_temp.t",
            })
    void whatCannotBeSaidAgainEndsTheRecovery(String text) {
        query(postgres(), text, State.OVER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into t values ('a; set x = 1; listen b')",
                "insert into t values (E'it\\'s; set x = 1')",
                "insert into t values ($a$; set x = 1$a$)",
                "insert into \"; listen\" values (1) -- ; listen a",
                "insert into temp values ('C:\\')",
                "create table temp (temp int)",
                "select 1; insert into t values (1)",
                "SET LOCAL x = 1",
                "set transaction read only",
                "SET CONSTRAINTS ALL DEFERRED",
                "",
            })
    void whatLeavesNothingIsNotSaidAgain(String text) throws IOException {
        var talk = postgres();
        query(talk, text, State.ASKED);
        received(talk, READY, State.SETTLED);
        assertReplayed(talk, "", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/* ; */ SET x = 1", "-- to one\nset x=1;", "set x = 1; set y = ';'", "SET SESSION x = 1"})
    void whatIsSetComesBack(String text) throws IOException {
        var talk = postgres();
        query(talk, text, State.REPEATABLE);
        received(talk, READY, State.SETTLED);
        assertReplayed(talk, READY, postgres('Q', text + "\0"));
    }

    @Test
    void eachStatementIsAskedForWhetherItMayComeTwice() {
        query(postgres(), "select 1; select ';'", State.REPEATABLE);
        query(postgres(), "select 1; delete from t", State.ASKED);
    }

    @Test
    void whatIsSetInATransactionEndsTheRecovery() {
        var talk = postgres();
        query(talk, "begin", State.ASKED);
        received(talk, IN_TRANSACTION, State.ASKED);
        query(talk, "set x = 1", State.OVER);
        var pipelined = postgres();
        query(pipelined, "begin", State.ASKED);
        query(pipelined, "set x = 1", State.ASKED);
        received(pipelined, IN_TRANSACTION + IN_TRANSACTION, State.OVER);
    }

    @Test
    void whatIsSetInABatchWithOthersEndsTheRecovery() {
        var batch = extended("", "BEGIN");
        sent(postgres(), batch.substring(0, batch.length() - 5) + extended("", "SET x = 1"), State.OVER);
    }

    @Test
    void aStatementThatIsUsedLaterThanItCameEndsTheRecovery() {
        var talk = postgres();
        sent(talk, postgres('P', "\0SET x = 1\0\0\0") + postgres('S', ""), State.REPEATABLE);
        received(talk, postgres('1', "") + postgres('Z', "I"), State.SETTLED);
        sent(talk, postgres('B', "\0\0\0\0\0\0\0\0") + postgres('E', "\0\0\0\0\0") + postgres('S', ""), State.OVER);
    }

    @Test
    void whatWasRefusedIsNotSaidAgain() throws IOException {
        var talk = postgres();
        for (var answer : new String[] {REFUSED, postgres('1', "") + REFUSED, postgres('N', "a\0") + REFUSED}) {
            sent(talk, extended("", "SET x = 1"), State.REPEATABLE);
            received(talk, answer + postgres('Z', "I"), State.SETTLED);
        }
        assertReplayed(talk, "", "");
        sent(talk, extended("", "SET x = 1"), State.REPEATABLE);
        received(talk, postgres('1', "") + postgres('2', "") + READY, State.SETTLED);
        assertThatThrownBy(
                        () -> assertReplayed(talk, postgres('1', "") + REFUSED + postgres('Z', "I"), "does not matter"))
                .hasMessageContaining("refuses now");
    }

    @Test
    void aBeginningThatIsRefusedAtItsEndIsRefused() {
        var talk = postgres();
        assertThatThrownBy(() -> resumed(
                        talk, "N" + postgres('R', "\0\0\0\0") + REFUSED + postgres('Z', "I"), "does not matter"))
                .hasMessageContaining("refuses now");
    }

    @Test
    void whatIsLongerThanWhatIsKeptIsNotSaidAgain() {
        var name = "n".repeat(1 << 16);
        sent(Protocols.redis().begin(), redis("CLIENT", "SETNAME", name), State.OVER);
        query(postgres(), "set x = '" + name + "'", State.OVER);
    }

    @Test
    void whatRedisIsToldInATransactionEndsTheRecovery() {
        var talk = Protocols.redis().begin();
        sent(talk, redis("MULTI"), State.ASKED);
        received(talk, "+OK\r\n", State.ASKED);
        sent(talk, redis("SELECT", "5"), State.OVER);
    }

    @Test
    void whatRedisRefusesAtLengthIsNotSaidAgain() throws IOException {
        var talk = Protocols.redis().begin();
        sent(talk, redis("SELECT", "99"), State.REPEATABLE);
        received(talk, "!3\r\nERR\r\n", State.SETTLED);
        sent(talk, redis("SELECT", "99"), State.REPEATABLE);
        received(talk, ">1\r\n+a\r\n-ERR\r\n", State.SETTLED);
        assertThat(resumed(talk, "", "")).isEmpty();
    }

    @Test
    void whatRedisSaysMeanwhileIsThePrograms() throws IOException {
        var talk = Protocols.redis().begin();
        sent(talk, redis("SELECT", "5"), State.REPEATABLE);
        received(talk, "+OK\r\n", State.SETTLED);
        var push = ">1\r\n+a\r\n";
        assertThat(resumed(talk, push + "+OK\r\n" + push, push + push)).isEqualTo(redis("SELECT", "5"));
    }

    @Test
    void inlineCommandsOfRedisAreKnownToo() throws IOException {
        var talk = Protocols.redis().begin();
        sent(talk, "  select   5\r\n", State.REPEATABLE);
        received(talk, "+OK\r\n", State.SETTLED);
        assertThat(resumed(talk, "+OK\r\n", "")).isEqualTo("  select   5\r\n");
        sent(talk, "\"SELECT\" 5\r\n", State.OVER);
    }

    /** It is not answered, and the next answer would be taken for its. */
    @Test
    void anEmptyCommandOfRedisEndsTheRecovery() {
        sent(Protocols.redis().begin(), "\r\n", State.OVER);
        sent(Protocols.redis().begin(), "*0\r\n", State.OVER);
    }

    @Test
    void aSubscriptionThatIsRefusedNowIsNotPassedOver() {
        var talk = mqtt();
        assertThatThrownBy(() -> resumed(talk, Talks.CONNACK + mqtt(0x90, "\0\1\u0080"), "does not matter"))
                .hasMessageContaining("refuses now a subscription");
    }

    @Test
    void onlyAKnownVersionOfMqttIsFollowed() {
        sent(Protocols.mqtt().begin(), mqtt(0x10, "\0\4MQTT\5\2\0\74\0\0\0"), State.OVER);
        sent(Protocols.mqtt().begin(), mqtt(0x10, "\0\6MQIsdp\3\2\0\74\0\0"), State.REPEATABLE);
    }

    @Test
    void aConnectionOfMqttThatIsTooLongIsNotFollowed() {
        var text = new StringBuilder("\0\4MQTT\4\6\0\74");
        IntStream.range(0, 1 << 16).forEach(_ -> text.append('a'));
        sent(Protocols.mqtt().begin(), "\20\u008a\u0080\4" + text, State.OVER);
    }
}
