package org.ham.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ham.api.Actor;
import org.ham.api.HamException;
import org.ham.api.ProcessId;
import org.ham.api.Upgrade;
import org.ham.core.engine.Engine;
import org.ham.core.engine.Input;
import org.ham.core.engine.Limits;
import org.ham.core.engine.State;
import org.ham.journal.Journal;
import org.ham.journal.JournalGapException;
import org.ham.journal.JournalSettings;
import org.ham.journal.JournalWriter;
import org.ham.spi.HeartbeatMonitor;
import org.ham.spi.Host;
import org.ham.spi.LoopTask;
import org.ham.spi.Mirror;
import org.ham.spi.Primary;
import org.ham.spi.Surroundings;
import org.ham.spi.Upgrades;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * The core of a node, in both roles: follows from its activation on, and leads when it is told to. It registers itself only when
 * it is there: what Declarative Services offer before it is activated others cannot get in the meantime, and would not ask for
 * again. Thread-safe.
 */
@Component(
        service = {},
        immediate = true)
public final class Core implements Mirror {
    private static final Duration WARM_UP_ENDS_WITHIN = Duration.ofSeconds(5);
    /** Nobody else writes any more, so the second time does. */
    private static final int WRITE_TRIES = 3;

    private static final Actor GUARDIAN = Actor.part("guardian");

    private final Host host;
    private final Plugins plugins;
    private final Settings settings;
    private final Journal journal;
    private final Engine engine = new Engine(Limits.DEFAULT);
    private final Loop loop;
    private final Monitors monitors = new Monitors();
    private final Environs environs = new Environs();
    private final Members members = new Members();
    private final Supplier<Workers> workers;
    private final BooleanSupplier warm;
    private final @Nullable Thread warming;
    private @Nullable ServiceRegistration<?> registration;
    private volatile @Nullable Upgrades upgrades;
    private volatile boolean leaving;

    @Activate
    public Core(@Reference Host host, @Reference Plugins plugins, BundleContext context) {
        this(host, plugins, Settings.from(context::getProperty), bootId(), scratch(context));
    }

    /** Once it has been given all that is there: whoever leads by it finds that prepared, and no start or Guardian goes without. */
    @Activate
    void serve(BundleContext context) {
        registration = context.registerService(new String[] {Core.class.getName(), Mirror.class.getName()}, this, null);
    }

    Core(Host host, Plugins plugins, Settings settings, String boot, Path scratch) {
        this.host = host;
        this.plugins = plugins;
        this.settings = settings;
        this.journal = Journal.at(
                settings.runDir().resolve("journal"),
                new JournalSettings(boot, settings.segmentBytes(), settings.keepSegments(), settings.backlogBatches()));
        this.loop = new Loop(host, settings.mailbox());
        this.workers = Threads::new;
        var warmUp = new WarmUp(host, plugins, engine, scratch);
        this.warm = warmUp::done;
        this.warming = Thread.ofPlatform().name("ham-warm-up").daemon().unstarted(warmUp);
        loop.start(this::follower).thenRun(warming::start);
    }

    /** One without threads, that its maker turns; as it begins it is warm. */
    Core(Host host, Plugins plugins, Settings settings, Journal journal, Supplier<Workers> workers) {
        this.host = host;
        this.plugins = plugins;
        this.settings = settings;
        this.journal = journal;
        this.workers = workers;
        this.loop = new Loop(host, settings.mailbox());
        this.warm = () -> true;
        this.warming = null;
        loop.ready(this::follower);
    }

    private Follower follower() {
        return new Follower(host, journal, engine, loop::publish);
    }

    /** In the framework's own storage, which goes with the node. */
    private static Path scratch(BundleContext context) {
        return context.getDataFile("rehearsal").toPath();
    }

    private static String bootId() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException _) {
            return "unknown";
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindTask(LoopTask task) {
        loop.add(task);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindSurroundings(Surroundings part) {
        environs.add(part);
        loop.control(() -> {
            if (loop.role() instanceof Leader) {
                environs.prepare(part);
            }
        });
    }

    void unbindSurroundings(Surroundings part) {
        environs.remove(part);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindMonitor(HeartbeatMonitor monitor) {
        // On the loop's thread, so that between being told of all and being told of changes nothing is missed.
        loop.control(() -> {
            monitors.add(monitor);
            if (loop.role() instanceof Leader leader) {
                monitors.tellAll(monitor, leader.state());
            }
        });
    }

    void unbindMonitor(HeartbeatMonitor monitor) {
        monitors.remove(monitor);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindUpgrades(Upgrades one) {
        upgrades = one;
    }

    void unbindUpgrades(Upgrades one) {
        if (one.equals(upgrades)) {
            upgrades = null;
        }
    }

    /** Who replaces all of HAM; throws {@code FAILED} when the bundle that does is not there. */
    Upgrades upgrades() {
        var known = upgrades;
        if (known == null) {
            throw new HamException(
                    HamException.Code.FAILED,
                    "this HAM cannot be upgraded as a whole right now: the bundle org.ham.guardian is not active");
        }
        return known;
    }

    void unbindTask(LoopTask task) {
        loop.remove(task);
    }

    /** Becomes the HAM: reads the journal to its end, raises the epoch, takes up what is unfinished. */
    CompletableFuture<Void> lead(Primary primary, long ownPid) {
        return lead(
                primary,
                ownPid,
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()));
    }

    /** The same with the word that makes invocation ids unique if this journal has none yet. */
    CompletableFuture<Void> lead(Primary primary, long ownPid, String word) {
        var led = new Input.Led(
                primary.reason().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
                ownPid,
                primary.predecessor(),
                word);
        return loop.control(() -> {
            if (!(loop.role() instanceof Follower follower)) {
                throw new IllegalStateException("this core leads already");
            }
            follower.finish();
            var hands = workers.get();
            var actions = new ActionRunner(
                    plugins,
                    hands,
                    settings.invocations(),
                    () -> loop.state().verbosity(),
                    outcome -> loop.report(outcome, Actor.part("actions")));
            var writer = write(follower);
            follower.finish();
            environs.prepareAll();
            var leader = new Leader(
                    host,
                    engine,
                    actions,
                    monitors,
                    environs,
                    members,
                    writer,
                    new Snapshots(hands, host::wake),
                    follower,
                    loop.mailbox(),
                    loop::publish,
                    settings.runDir().toString());
            follower.reader().close();
            loop.role(leader);
            leader.begin(led);
        });
    }

    /** The HAM before may have died with a snapshot in place of which nobody was told, and which has what the follower lacks. */
    private JournalWriter write(Follower follower) {
        for (var tries = 1; ; tries++) {
            try {
                return journal.write(follower.reader(), follower.state().epoch() + 1);
            } catch (JournalGapException e) {
                if (tries == WRITE_TRIES) {
                    throw e;
                }
                follower.startAnew(e);
                follower.finish();
            }
        }
    }

    /** Stops leading and follows again. */
    CompletableFuture<Void> follow() {
        return loop.control(() -> {
            if (loop.role() instanceof Leader leader) {
                leader.close();
                // It may be about to go altogether; whoever leads next asks the kernel himself.
                loop.role(new Follower(host, journal, engine, loop::publish, false));
            }
        });
    }

    /** Hands a request to the fold. */
    CompletableFuture<Void> ask(Input input, Actor actor) {
        return loop.ask(input, actor);
    }

    /** Passes on a beat of an entity's process that no page of memory tells of. */
    void beat(String entity, ProcessId process) {
        monitors.beat(entity, process, host.monotonic());
    }

    /** Hands the fold what was seen. */
    void report(Input.Sign sign, Actor actor) {
        loop.report(sign, actor);
    }

    State state() {
        return loop.state();
    }

    Members members() {
        return members;
    }

    Published published() {
        return loop.published();
    }

    Journal journal() {
        return journal;
    }

    Host host() {
        return host;
    }

    Plugins plugins() {
        return plugins;
    }

    Settings settings() {
        return settings;
    }

    @Override
    public long seq() {
        return loop.state().seq();
    }

    @Override
    public boolean caughtUp() {
        @Nullable Role role = loop.role();
        // A takeover by one that is still cold would be a slow one, so it does not call itself ready.
        return role instanceof Leader
                || role instanceof Follower follower && follower.caughtUp() && warm.getAsBoolean();
    }

    @Override
    public void guardianStarted(long pid) {
        loop.report(new Input.GuardianStarted(pid), GUARDIAN);
    }

    @Override
    public void guardianReady(long pid) {
        loop.report(new Input.GuardianReady(pid), GUARDIAN);
    }

    @Override
    public void guardianFailed(long pid, String why) {
        loop.report(new Input.GuardianFailed(pid, why), GUARDIAN);
    }

    @Override
    public void alarm(String source, String text) {
        loop.report(new Input.Alarm(source, text), Actor.part(source));
    }

    @Override
    public void signalled(String source, String entity, long pid, String signal, String why) {
        loop.report(new Input.Signalled(entity, pid, signal, why), Actor.part(source));
    }

    @Override
    public long leader() {
        var state = loop.state();
        return state.successor() != 0 ? state.successor() : state.hamPid();
    }

    @Override
    public long guardian() {
        var state = loop.state();
        return state.guardianReady() ? state.guardianPid() : 0;
    }

    @Override
    public Optional<Upgrade> upgrade() {
        return Optional.ofNullable(loop.state().upgrade());
    }

    @Override
    public void upgrading(Upgrade upgrade, Actor actor) {
        loop.report(new Input.Upgrading(upgrade.from(), upgrade.to(), upgrade.candidate(), upgrade.with()), actor);
    }

    @Override
    public void upgradeEnded(String why) {
        loop.report(new Input.UpgradeEnded(why), GUARDIAN);
    }

    @Override
    public void handOver(long successor, Runnable last) {
        var _ = loop.control(() -> {
            if (loop.role() instanceof Leader leader && leader.handOver(successor)) {
                last.run();
            }
        });
    }

    @Override
    public boolean stopping() {
        return loop.state().stopped();
    }

    /** Whether it is about to go. */
    boolean leaving() {
        return leaving;
    }

    @Deactivate
    void close() {
        // First, as those who are served through it are waited for.
        leaving = true;
        if (registration != null) {
            try {
                registration.unregister();
            } catch (IllegalStateException _) {
                // The framework was quicker, as the bundle stops.
            }
        }
        endWarming();
        loop.close();
    }

    private void endWarming() {
        if (warming == null) {
            return;
        }
        warming.interrupt();
        try {
            // It has a folder of its own in the framework's storage, which is about to go.
            warming.join(WARM_UP_ENDS_WITHIN);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a loop with a thread of its own does by itself: one turn. */
    Loop loop() {
        return loop;
    }
}
