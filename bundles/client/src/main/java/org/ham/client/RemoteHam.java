package org.ham.client;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ham.api.ActionFlag;
import org.ham.api.ActionHandle;
import org.ham.api.ActionSpec;
import org.ham.api.Attachment;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionHandle;
import org.ham.api.ConditionSpec;
import org.ham.api.EntityFlag;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.EntityView;
import org.ham.api.Event;
import org.ham.api.FlagChange;
import org.ham.api.Ham;
import org.ham.api.HamException;
import org.ham.api.Handle;
import org.ham.api.HeartbeatSpec;
import org.ham.api.Pulse;
import org.ham.api.PulseChannel;
import org.ham.api.Raise;
import org.ham.api.Status;
import org.ham.api.Subscription;
import org.ham.api.Tree;
import org.ham.wire.Calls;
import org.ham.wire.Message;
import org.ham.wire.Reading;
import org.jspecify.annotations.Nullable;

/** The HAM at the other end of a socket. Thread-safe. */
final class RemoteHam implements Ham, Link.User {
    private static final Calls.Nothing NOTHING = new Calls.Nothing();

    private final Link link;
    private final Remote remote;
    private final Attachments attachments;
    private final Channels channels;
    private final Streams streams;

    RemoteHam(ClientSettings settings) {
        link = new Link(settings, this);
        remote = new Remote(link);
        attachments = new Attachments(remote);
        channels = new Channels(remote, link::tell);
        streams = new Streams(remote, link::tell);
        link.start();
    }

    void awaitConnected() {
        link.awaitConnected();
    }

    @Override
    public void heard(Message message) {
        switch (message) {
            case Message.Request request when request.method().equals("pulse") -> channels.take(request);
            case Message.Notice notice
            when notice.method().equals("event") ->
                streams.told(Reading.LENIENT.read(notice.params(), Calls.Told.class, "event"));
            case Message.Notice notice
            when notice.method().equals("ended") ->
                streams.ended(Reading.LENIENT.read(notice.params(), Calls.Ended.class, "ended"));
            default -> {
                // Of a HAM that is newer than this program.
            }
        }
    }

    @Override
    public void connected(Link.Asking asking) throws InterruptedException {
        attachments.again(asking);
        channels.again(asking);
        streams.again(asking);
    }

    @Override
    public EntityHandle attach(EntitySpec entity) {
        return remote.change("attach", new Calls.Attach(entity), EntityHandle.class);
    }

    @Override
    public Attachment attachSelf(String name, Optional<HeartbeatSpec> heartbeat, Set<EntityFlag> flags) {
        return attachments.attach(name, heartbeat, flags);
    }

    @Override
    public void detach(EntityHandle entity) {
        change("detach", new Calls.Entity(entity));
    }

    private void change(String method, Record params) {
        remote.change(method, params, _ -> {});
    }

    @Override
    public EntityHandle entity(String name) {
        return remote.ask("entity", named(name, null, null), EntityHandle.class);
    }

    @Override
    public ConditionHandle condition(String entity, String condition) {
        return remote.ask("condition", named(entity, condition, null), ConditionHandle.class);
    }

    @Override
    public ActionHandle action(String entity, String condition, String action) {
        return remote.ask("action", named(entity, condition, action), ActionHandle.class);
    }

    private static Calls.Named named(String entity, @Nullable String condition, @Nullable String action) {
        return new Calls.Named(entity, Optional.ofNullable(condition), Optional.ofNullable(action));
    }

    @Override
    public ConditionHandle addCondition(EntityHandle entity, ConditionSpec condition) {
        return remote.change("addCondition", new Calls.AddCondition(entity, condition), ConditionHandle.class);
    }

    @Override
    public ActionHandle addAction(ConditionHandle condition, ActionSpec action) {
        return remote.change("addAction", new Calls.AddAction(condition, action), ActionHandle.class);
    }

    @Override
    public void addFailItem(ActionHandle action, ActionSpec item) {
        change("addFailItem", new Calls.AddFailItem(action, item));
    }

    @Override
    public void remove(ConditionHandle condition) {
        change("remove", new Calls.Remove(condition));
    }

    @Override
    public void remove(ActionHandle action) {
        change("remove", new Calls.Remove(action));
    }

    @Override
    public void removeFailItem(ActionHandle action, String item) {
        change("removeFailItem", new Calls.RemoveFailItem(action, item));
    }

    @Override
    public void enable(Handle target, boolean enabled, boolean recurse) {
        change("enable", new Calls.Enable(target, enabled, recurse));
    }

    @Override
    public Set<EntityFlag> flags(EntityHandle target) {
        return flags(target, EntityFlag::parse);
    }

    @Override
    public Set<ConditionFlag> flags(ConditionHandle target) {
        return flags(target, ConditionFlag::parse);
    }

    @Override
    public Set<ActionFlag> flags(ActionHandle target) {
        return flags(target, ActionFlag::parse);
    }

    private <F> Set<F> flags(Handle target, Function<String, F> parse) {
        return remote.ask("flags", new Calls.Target(target), Calls.FlagWords.class).flags().stream()
                .map(parse)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void changeFlags(EntityHandle target, FlagChange change, Set<EntityFlag> flags) {
        changeFlags(target, change, words(flags, EntityFlag::word));
    }

    @Override
    public void changeFlags(ConditionHandle target, FlagChange change, Set<ConditionFlag> flags) {
        changeFlags(target, change, words(flags, ConditionFlag::word));
    }

    @Override
    public void changeFlags(ActionHandle target, FlagChange change, Set<ActionFlag> flags) {
        changeFlags(target, change, words(flags, ActionFlag::word));
    }

    private void changeFlags(Handle target, FlagChange change, Set<String> words) {
        change("changeFlags", new Calls.ChangeFlags(target, change, words));
    }

    private static <F> Set<String> words(Set<F> flags, Function<F, String> word) {
        return flags.stream().map(word).collect(Collectors.toSet());
    }

    @Override
    public void reportState(EntityHandle entity, int state) {
        change("reportState", new Calls.ReportState(entity, state));
    }

    @Override
    public void raise(EntityHandle entity, Raise what) {
        change("raise", new Calls.RaiseFor(entity, what));
    }

    @Override
    public boolean heartbeats() {
        return remote.ask("heartbeats", new Calls.Heartbeats(Optional.empty()), Calls.Counting.class)
                .active();
    }

    @Override
    public boolean heartbeats(boolean active) {
        // Asked apart: a change that is asked for again after a takeover finds itself done.
        var before = heartbeats();
        change("heartbeats", new Calls.Heartbeats(Optional.of(active)));
        return before;
    }

    @Override
    public int verbosity() {
        return remote.ask("verbosity", new Calls.Verbosity(OptionalLong.empty()), Calls.Level.class)
                .level();
    }

    @Override
    public void verbosity(int level) {
        change("verbosity", new Calls.Verbosity(OptionalLong.of(level)));
    }

    @Override
    public Tree tree() {
        return remote.ask("tree", NOTHING, Tree.class);
    }

    @Override
    public Optional<EntityView> find(String name) {
        return remote.ask("find", new Calls.Find(name), Calls.Found.class).entity();
    }

    @Override
    public Status status() {
        return remote.ask("status", NOTHING, Status.class);
    }

    @Override
    public Subscription subscribe(long after, Consumer<Event> listener, Consumer<HamException> ended) {
        return streams.subscribe(after, listener, ended);
    }

    @Override
    public PulseChannel openChannel(Consumer<Pulse> receiver) {
        return channels.open(receiver);
    }

    @Override
    public void stop() {
        change("stop", NOTHING);
    }

    @Override
    public void close() {
        link.close();
        streams.close();
        channels.close();
    }
}
