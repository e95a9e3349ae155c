package org.ham.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.LongStream;
import org.ham.api.ActionHandle;
import org.ham.api.ActionSpec;
import org.ham.api.ConditionHandle;
import org.ham.api.ConditionSpec;
import org.ham.api.ConditionType;
import org.ham.api.EntityFlag;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.FlagChange;
import org.ham.api.Ham;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.Pulse;
import org.ham.api.Raise;
import org.ham.api.StateMatch;
import org.ham.api.StateSet;
import org.ham.client.ClientSettings;
import org.ham.client.HamClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The client against the server, over a real socket. */
@Timeout(60)
class RemoteTest {
    private static final EntityHandle WEB = EntityHandle.of("web");

    @RegisterExtension
    final Served served = new Served();

    private final List<Ham> open = new ArrayList<>();

    private Ham connect() {
        return connect(ClientSettings.of(served.runDir));
    }

    private Ham connect(ClientSettings settings) {
        var ham = HamClient.connect(settings);
        open.add(ham);
        return ham;
    }

    @AfterEach
    void close() {
        open.forEach(Ham::close);
    }

    private static void refused(Code code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        HamException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void everyMethodReachesTheHamWithAllItsParts() {
        var ham = connect();
        var condition = ConditionSpec.onState(
                        "up", new StateMatch(StateSet.exactly(0), StateSet.not(Set.of(3))), Set.of())
                .with(List.of(ActionSpec.of("tell", "log", Map.of("message", "up", "level", 3L))));
        assertThat(ham.attach(EntitySpec.placeholder("web").with(List.of(condition)))
                        .id())
                .isEqualTo(9);
        assertThat(ham.addCondition(WEB, condition).id()).isEqualTo(11);
        assertThat(ham.addAction(ConditionHandle.of("web", "up"), ActionSpec.of("a", "log", Map.of()))
                        .id())
                .isEqualTo(12);
        ham.addFailItem(ActionHandle.of("web", "up", "a"), ActionSpec.of("b", "log", Map.of()));
        ham.removeFailItem(ActionHandle.of("web", "up", "a"), "b");
        ham.remove(ActionHandle.of("web", "up", "a"));
        ham.remove(new ConditionHandle("web", "up", 11));
        ham.enable(WEB, false, true);
        ham.changeFlags(WEB, FlagChange.ADD, Set.of(EntityFlag.KEEP_ON_DEATH));
        ham.reportState(WEB, -7);
        ham.raise(WEB, new Raise(1, 2, 3));
        ham.verbosity(4);
        ham.heartbeats(false);
        ham.detach(WEB);
        ham.stop();
        var spec = EntitySpec.placeholder("web").with(List.of(condition));
        assertThat(served.ham.calls)
                .containsExactly(
                        "attach [" + spec + "]",
                        "addCondition [" + WEB + ", " + condition + "]",
                        "addAction [" + ConditionHandle.of("web", "up") + ", " + ActionSpec.of("a", "log", Map.of())
                                + "]",
                        "addFailItem [" + ActionHandle.of("web", "up", "a") + ", " + ActionSpec.of("b", "log", Map.of())
                                + "]",
                        "removeFailItem [" + ActionHandle.of("web", "up", "a") + ", b]",
                        "remove [" + ActionHandle.of("web", "up", "a") + "]",
                        "remove [" + new ConditionHandle("web", "up", 11) + "]",
                        "enable [" + WEB + ", false, true]",
                        "changeFlags [" + WEB + ", ADD, [KEEP_ON_DEATH]]",
                        "reportState [" + WEB + ", -7]",
                        "raise [" + WEB + ", " + new Raise(1, 2, 3) + "]",
                        "verbosity [4]",
                        "heartbeats [false]",
                        "detach [" + WEB + "]",
                        "stop []");
    }

    @Test
    void viewsComeBackAsTheyAre() {
        var view = MemoryHam.view("web", 0, OptionalLong.of(4711), OptionalLong.of(99));
        served.ham.has(view);
        var ham = connect();
        assertThat(ham.find("web")).contains(view);
        assertThat(ham.find("none")).isEmpty();
        assertThat(ham.tree().entities()).containsExactly(view);
        assertThat(ham.status().hamPid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(ham.flags(WEB)).isEmpty();
        assertThat(ham.heartbeats()).isTrue();
        assertThat(ham.verbosity()).isZero();
        assertThat(ham.entity("web")).isEqualTo(new EntityHandle("web", 7));
    }

    @Test
    void aRefusalComesBackWithItsCodeAndSentence() {
        var ham = connect();
        assertThatThrownBy(() -> ham.attach(EntitySpec.placeholder("taken")))
                .isInstanceOfSatisfying(
                        HamException.class, e -> assertThat(e.code()).isEqualTo(Code.EXISTS))
                .hasMessage("entity 'taken' exists");
    }

    @Test
    void noHamIsSaidAndNothingWasCarriedOut() {
        served.server.close();
        assertThatThrownBy(() -> connect(ClientSettings.of(served.runDir).connectWithin(Duration.ofMillis(50))))
                .isInstanceOfSatisfying(
                        HamException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_CONNECTED))
                .hasMessageContaining(served.socket().toString());
    }

    @Test
    void aCallWaitsForTheNextHam() {
        var ham = connect();
        served.server.close();
        var call = CompletableFuture.runAsync(() -> ham.reportState(WEB, 5));
        served.serve(Served.TIGHT);
        assertThat(call).succeedsWithin(Duration.ofSeconds(30));
        assertThat(served.ham.calls).hasSize(1);
    }

    @Test
    void aCallInFlightIsAskedAgainAndCarriedOutOnce() {
        var ham = connect();
        served.ham.hold();
        var call = CompletableFuture.runAsync(() -> ham.reportState(WEB, 5));
        await().until(() -> served.ham.waiting() == 1);
        var closing = CompletableFuture.runAsync(served.server::close);
        // Carried out, and the answer is lost with the HAM.
        await().until(() -> !call.isDone() && closing.isDone());
        served.ham.release();
        served.serve(Served.TIGHT);
        assertThat(call).succeedsWithin(Duration.ofSeconds(30));
        assertThat(served.ham.calls).containsExactly("reportState [" + WEB + ", 5]");
    }

    @Test
    void aCallThatIsLateSaysWhetherItWasCarriedOut() {
        var ham = connect(ClientSettings.of(served.runDir).within(Duration.ofMillis(200)));
        served.ham.hold();
        refused(Code.TIMED_OUT, () -> ham.reportState(WEB, 5));
        served.ham.release();
        served.server.close();
        // Before the client has noticed that the connection ended, it may still send.
        await().untilAsserted(() -> assertThatThrownBy(() -> ham.reportState(WEB, 6))
                .isInstanceOfSatisfying(
                        HamException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_CONNECTED))
                .hasMessageContaining("it was not carried out"));
    }

    @Test
    void aSubscriptionLosesAndDoublesNothingThroughTenHams() {
        var ham = connect();
        var seen = new CopyOnWriteArrayList<Long>();
        served.ham.happen(1);
        var subscription = ham.subscribe(0, event -> seen.add(event.seq()), _ -> {});
        for (var round = 0; round < 10; round++) {
            served.ham.happen(300);
            served.serve(Served.TIGHT);
            served.ham.happen(1);
        }
        await().until(() -> subscription.seq() == 3011);
        assertThat(seen)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 3011).boxed().toList());
    }

    @Test
    void aSlowListenerIsWaitedFor() {
        served.ham.happen(5_000);
        var ham = connect();
        var gate = new Semaphore(0);
        var seen = new LinkedBlockingQueue<Long>();
        ham.subscribe(
                0,
                event -> {
                    gate.acquireUninterruptibly();
                    seen.add(event.seq());
                },
                _ -> {});
        assertThat(ham.verbosity()).isZero();
        gate.release(5_000);
        await().until(() -> seen.size() == 5_000);
        assertThat(seen)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 5_000).boxed().toList());
        // Nobody is told to stop by a listener that is in it.
        gate.release(1_000_000);
    }

    @Test
    void aClosedSubscriptionMakesRoomForAnother() {
        var ham = connect();
        for (var i = 0; i < 3 * Limits.USUAL.subscriptions(); i++) {
            ham.subscribe(0, _ -> {}, _ -> {}).close();
        }
        assertThat(ham.subscribe(0, _ -> {}, _ -> {}).seq()).isZero();
    }

    @Test
    void aClosedSubscriptionCallsNobodyAnyMore() {
        var ham = connect();
        var seen = new LinkedBlockingQueue<Long>();
        var subscription = ham.subscribe(Long.MAX_VALUE, event -> seen.add(event.seq()), _ -> {});
        served.ham.happen(1);
        await().until(() -> seen.size() == 1);
        subscription.close();
        served.ham.happen(1);
        assertThat(ham.verbosity()).isZero();
        assertThat(seen).hasSize(1);
        refused(Code.INVALID, () -> ham.subscribe(13, _ -> {}, _ -> {}));
    }

    @Test
    void aListenerThatFailsEndsItsSubscriptionOnly() {
        var ham = connect();
        var why = new CompletableFuture<HamException>();
        served.ham.happen(3);
        ham.subscribe(
                0,
                _ -> {
                    throw new IllegalStateException("no");
                },
                why::complete);
        assertThat(why.join().code()).isEqualTo(Code.FAILED);
        assertThat(ham.verbosity()).isZero();
    }

    @Test
    void pulsesArriveWithTheirEventAlsoAtTheNextHam() {
        var ham = connect();
        var pulses = new LinkedBlockingQueue<Pulse>();
        var channel = ham.openChannel(pulses::add);
        served.ham.send(channel.number(), MemoryHam.pulse(1));
        served.serve(Served.TIGHT);
        await().until(() -> served.server.clients() == 1);
        assertThat(ham.verbosity()).isZero();
        served.ham.send(channel.number(), MemoryHam.pulse(2));
        await().until(() -> pulses.size() == 2);
        assertThat(pulses).containsExactly(MemoryHam.pulse(1), MemoryHam.pulse(2));
        channel.close();
        assertThat(served.ham.channels()).isZero();
    }

    @Test
    void aReceiverThatIsSlowHoldsUpNobody() {
        var ham = connect();
        var gate = new Semaphore(0);
        var channel = ham.openChannel(_ -> gate.acquireUninterruptibly());
        for (var i = 0; i < 50; i++) {
            served.ham.send(channel.number(), MemoryHam.pulse(i));
        }
        assertThat(ham.verbosity()).isZero();
        gate.release(50);
    }

    @Test
    void anAttachmentLivesThroughAHamAndUntilItsLastClose() {
        var ham = connect();
        var one = ham.attachSelf("me", Optional.empty(), Set.of());
        var two = ham.attachSelf("me", Optional.empty(), Set.of());
        served.ham.attached.clear();
        served.serve(Served.TIGHT);
        await().until(() -> served.ham.attached.contains("me"));
        one.close();
        one.close();
        assertThat(served.ham.attached).contains("me");
        two.detach();
        assertThat(served.ham.attached).isEmpty();
        served.serve(Served.TIGHT);
        assertThat(ham.verbosity()).isZero();
        assertThat(served.ham.attached).isEmpty();
    }

    @Test
    void detachingIsAskedOfTheNextHamAndDoneOnce() {
        var ham = connect();
        var me = ham.attachSelf("me", Optional.empty(), Set.of());
        served.ham.hold();
        var leaving = CompletableFuture.runAsync(me::detach);
        await().until(() -> served.ham.waiting() == 1);
        var closing = CompletableFuture.runAsync(served.server::close);
        await().until(closing::isDone);
        served.ham.release();
        served.serve(Served.TIGHT);
        assertThat(leaving).succeedsWithin(Duration.ofSeconds(30));
        assertThat(served.ham.calls)
                .filteredOn(call -> call.startsWith("detachSelf"))
                .hasSize(1);
        assertThat(served.ham.calls)
                .filteredOn(call -> call.startsWith("attachSelf"))
                .hasSize(1);
    }

    @Test
    void callsUnderWayAreLimited() {
        var usual = ClientSettings.of(served.runDir);
        var ham = connect(new ClientSettings(usual.socket(), "few", usual.within(), usual.connectWithin(), 2));
        served.ham.hold();
        var calls = List.of(
                CompletableFuture.runAsync(() -> ham.reportState(WEB, 1)),
                CompletableFuture.runAsync(() -> ham.reportState(WEB, 2)));
        await().until(() -> served.ham.waiting() == 2);
        refused(Code.LIMIT, ham::tree);
        served.ham.release();
        calls.forEach(CompletableFuture::join);
    }

    @Test
    void aClosedConnectionSaysSoAndLeavesNothingBehind() {
        var ham = connect();
        ham.openChannel(_ -> {});
        ham.subscribe(0, _ -> {}, _ -> {});
        ham.close();
        ham.close();
        refused(Code.NOT_CONNECTED, ham::tree);
        await().until(() -> served.server.clients() == 0);
        await().until(() -> served.ham.closed() == 1);
    }

    @Test
    void manyThreadsShareOneConnection() {
        var ham = connect();
        var calls = new ArrayList<CompletableFuture<Void>>();
        for (var i = 0; i < 4; i++) {
            calls.add(CompletableFuture.runAsync(() -> {
                for (var n = 0; n < 250; n++) {
                    ham.raise(WEB, new Raise(1, 2, n));
                }
            }));
        }
        calls.forEach(CompletableFuture::join);
        assertThat(served.ham.calls).hasSize(1000);
    }

    @Test
    void aConditionOfEveryTypeGoesThrough() {
        var ham = connect();
        for (var type : ConditionType.values()) {
            ham.addCondition(WEB, ConditionSpec.of("c", type, Set.of()));
        }
        assertThat(served.ham.calls).hasSize(ConditionType.values().length);
    }
}
