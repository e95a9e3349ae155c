package org.ham.control;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ham.api.ActionFlag;
import org.ham.api.ActionHandle;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionHandle;
import org.ham.api.EntityFlag;
import org.ham.api.EntityHandle;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.spi.ServedHam;
import org.ham.wire.Calls;
import org.ham.wire.Reading;
import org.jspecify.annotations.Nullable;

/** The methods of the protocol. Stateless. */
final class Methods {
    private static final Calls.Nothing NOTHING = new Calls.Nothing();
    private static final Map<String, Method<?>> ALL = new TreeMap<>();

    /** These look at what the core has published. */
    private static final Set<String> WAIT_FOR_NOTHING =
            Set.of("hello", "entity", "condition", "action", "flags", "find", "status");

    static {
        handles();
        changes();
        signs();
        views();
        notifications();
        of("attachSelf", Calls.AttachSelf.class, (session, ham, p) -> session.attachSelf(ham, p));
        of("detachSelf", Calls.Entity.class, (session, ham, p) -> {
            session.detachSelf(ham, p.entity());
            return NOTHING;
        });
        of("subscribe", Calls.Subscribe.class, (session, ham, p) -> session.subscribe(ham, p));
        of("unsubscribe", Calls.Unsubscribe.class, (session, _, p) -> {
            session.unsubscribe(p.subscription());
            return NOTHING;
        });
        of("openChannel", Calls.OpenChannel.class, (session, ham, p) -> session.openChannel(ham, p.number()));
        of("closeChannel", Calls.Channel.class, (session, _, p) -> {
            session.closeChannel(p.number());
            return NOTHING;
        });
    }

    private Methods() {}

    /** Carries out one call. */
    interface Call<P extends Record> {
        Object call(Session session, ServedHam ham, P params);
    }

    /** The same for one that brings nothing. */
    interface Order<P extends Record> {
        void call(ServedHam ham, P params);
    }

    /** The same for one that the HAM itself does not know, so that its repeats are known elsewhere. */
    interface Telling<P extends Record> {
        Object call(Session session, Optional<String> request, P params) throws InterruptedException;
    }

    private record Method<P extends Record>(Class<P> params, Telling<P> call) {
        Object call(Session session, Optional<String> request, Map<String, @Nullable Object> given)
                throws InterruptedException {
            return call.call(session, request, Reading.STRICT.read(given, params, ""));
        }
    }

    private static <P extends Record> void of(String name, Class<P> params, Call<P> call) {
        telling(name, params, (session, request, given) -> call.call(session, session.asking(request), given));
    }

    private static <P extends Record> void telling(String name, Class<P> params, Telling<P> call) {
        ALL.put(name, new Method<>(params, call));
    }

    private static <P extends Record> void order(String name, Class<P> params, Order<P> order) {
        of(name, params, (_, ham, given) -> {
            order.call(ham, given);
            return NOTHING;
        });
    }

    /** Whether there is such a method. */
    static boolean knows(String method) {
        return ALL.containsKey(method);
    }

    /** Whether it is done in no time, so that a thread of its own would cost more than the call. */
    static boolean waitsForNothing(String method) {
        return WAIT_FOR_NOTHING.contains(method);
    }

    /**
     * Carries out one; throws {@link HamException}.
     *
     * @param request by which a repeat of it is known
     */
    static Object call(String method, Session session, Optional<String> request, Map<String, @Nullable Object> params)
            throws InterruptedException {
        var known = ALL.get(method);
        if (known == null) {
            throw new HamException(Code.INVALID, "no method '" + method + "'");
        }
        return known.call(session, request, params);
    }

    private static void handles() {
        of("hello", Calls.Hello.class, (session, _, p) -> session.hello(p));
        of("entity", Calls.Named.class, (_, ham, p) -> ham.entity(p.entity()));
        of("condition", Calls.Named.class, (_, ham, p) -> ham.condition(p.entity(), given("condition", p.condition())));
        of(
                "action",
                Calls.Named.class,
                (_, ham, p) -> ham.action(p.entity(), given("condition", p.condition()), given("action", p.action())));
    }

    private static String given(String name, Optional<String> value) {
        return value.orElseThrow(() -> new HamException(Code.INVALID, name + " is missing"));
    }

    private static void changes() {
        of("attach", Calls.Attach.class, (_, ham, p) -> ham.attach(p.entity()));
        order("detach", Calls.Entity.class, (ham, p) -> ham.detach(p.entity()));
        of("addCondition", Calls.AddCondition.class, (_, ham, p) -> ham.addCondition(p.entity(), p.condition()));
        of("addAction", Calls.AddAction.class, (_, ham, p) -> ham.addAction(p.condition(), p.action()));
        order("addFailItem", Calls.AddFailItem.class, (ham, p) -> ham.addFailItem(p.action(), p.item()));
        order("remove", Calls.Remove.class, Methods::remove);
        order("removeFailItem", Calls.RemoveFailItem.class, (ham, p) -> ham.removeFailItem(p.action(), p.item()));
        order("enable", Calls.Enable.class, (ham, p) -> ham.enable(p.target(), p.enabled(), p.recurse()));
        of("flags", Calls.Target.class, (_, ham, p) -> flags(ham, p));
        order("changeFlags", Calls.ChangeFlags.class, Methods::changeFlags);
    }

    private static void remove(ServedHam ham, Calls.Remove params) {
        switch (params.target()) {
            case EntityHandle entity ->
                throw new HamException(
                        Code.INVALID, "'" + entity.name() + "' is an entity; detach it, or name a condition or action");
            case ConditionHandle condition -> ham.remove(condition);
            case ActionHandle action -> ham.remove(action);
        }
    }

    private static Calls.FlagWords flags(ServedHam ham, Calls.Target params) {
        var flags = switch (params.target()) {
            case EntityHandle entity -> ham.flags(entity);
            case ConditionHandle condition -> ham.flags(condition);
            case ActionHandle action -> ham.flags(action);
        };
        return new Calls.FlagWords(flags.stream().map(Methods::word).sorted().toList());
    }

    private static String word(Enum<?> flag) {
        return switch (flag) {
            case EntityFlag entity -> entity.word();
            case ConditionFlag condition -> condition.word();
            case ActionFlag action -> action.word();
            default -> flag.name();
        };
    }

    private static void changeFlags(ServedHam ham, Calls.ChangeFlags p) {
        switch (p.target()) {
            case EntityHandle entity -> ham.changeFlags(entity, p.change(), parsed(p.flags(), EntityFlag::parse));
            case ConditionHandle condition ->
                ham.changeFlags(condition, p.change(), parsed(p.flags(), ConditionFlag::parse));
            case ActionHandle action -> ham.changeFlags(action, p.change(), parsed(p.flags(), ActionFlag::parse));
        }
    }

    private static <F> Set<F> parsed(Set<String> words, Function<String, F> parse) {
        return words.stream().map(parse).collect(Collectors.toSet());
    }

    private static void signs() {
        order("reportState", Calls.ReportState.class, (ham, p) -> ham.reportState(p.entity(), p.state()));
        order("raise", Calls.RaiseFor.class, (ham, p) -> ham.raise(p.entity(), p.what()));
        order("stop", Calls.Nothing.class, (ham, _) -> ham.stop());
        of(
                "heartbeats",
                Calls.Heartbeats.class,
                (_, ham, p) ->
                        new Calls.Counting(p.active().map(ham::heartbeats).orElseGet(ham::heartbeats)));
        of("verbosity", Calls.Verbosity.class, (_, ham, p) -> verbosity(ham, p));
    }

    private static Calls.Level verbosity(ServedHam ham, Calls.Verbosity params) {
        var level = params.level();
        if (level.isEmpty()) {
            return new Calls.Level(ham.verbosity());
        }
        if (level.getAsLong() < 0 || level.getAsLong() > Integer.MAX_VALUE) {
            throw new HamException(
                    Code.INVALID, "verbosity " + level.getAsLong() + ": expected from 0 to " + Integer.MAX_VALUE);
        }
        ham.verbosity((int) level.getAsLong());
        return new Calls.Level((int) level.getAsLong());
    }

    private static void notifications() {
        telling("pulse", Calls.SendPulse.class, (session, request, p) -> {
            session.telling().pulse(p, session.scoped(request));
            return NOTHING;
        });
        telling("signal", Calls.SendSignal.class, (session, request, p) -> {
            session.telling().signal(p, session.scoped(request));
            return NOTHING;
        });
        telling("command", Calls.Command.class, (session, _, p) -> session.command(p));
    }

    private static void views() {
        of("tree", Calls.Nothing.class, (_, ham, _) -> ham.tree());
        of("find", Calls.Find.class, (_, ham, p) -> new Calls.Found(ham.find(p.name())));
        of("status", Calls.Nothing.class, (_, ham, _) -> ham.status());
    }
}
