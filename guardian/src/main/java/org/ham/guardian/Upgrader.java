package org.ham.guardian;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.ham.api.Actor;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.Upgrade;
import org.ham.linux.LinuxException;
import org.ham.linux.ProcessRef;
import org.ham.linux.Processes;
import org.ham.linux.Signals;
import org.ham.spi.LoopTask;
import org.ham.spi.Mirror;
import org.ham.spi.Primary;
import org.ham.spi.Supervisor;
import org.ham.spi.Upgrades;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Replaces both processes by those of another distribution, so that somebody stands by at every moment: a candidate gets ready
 * beside the Guardian, the HAM hands over to it, and the Guardian, which is of the old distribution, stays until the new HAM has
 * proved itself and has a Guardian of its own. Until then every failure leads back.
 *
 * <p>The journal knows how far it is, so whoever leads goes on from there. Works on a thread of its own; the core loop only
 * looks.
 */
@Component(service = Upgrades.class, immediate = true)
public final class Upgrader implements Upgrades, LoopTask, Candidate.Listener {
    private static final Logger LOG = System.getLogger(Upgrader.class.getName());
    private static final Limits LIMITS = Limits.DEFAULT;
    private static final int TRIES = 3;

    private final BundleContext context;
    private final Role role;
    private final Mirror mirror;
    private final Primary primary;
    private final Processes processes;
    private final GuardianKeeper keeper;
    private final Completeness completeness;
    private final Candidates candidates;
    private final Rejects rejects;
    private final Errands errands;
    private final ServiceRegistration<LoopTask> registration;
    private boolean leads;
    private int failures;

    /**
     * Goes on with an upgrade that is under way.
     *
     * @param ham not used but waited for: it comes when the lead is taken up
     */
    @Activate
    public Upgrader(
            @Reference Supervisor ham,
            @Reference Primary primary,
            BundleContext context,
            @Reference Role role,
            @Reference Mirror mirror,
            @Reference Processes processes,
            @Reference Signals signals,
            @Reference GuardianKeeper keeper,
            @Reference Completeness completeness) {
        this(primary, context, role, mirror, processes, signals, keeper, completeness, Threads.REAL);
    }

    Upgrader(
            Primary primary,
            BundleContext context,
            Role role,
            Mirror mirror,
            Processes processes,
            Signals signals,
            GuardianKeeper keeper,
            Completeness completeness,
            Hands hands) {
        errands = new Errands("ham-upgrade", hands, LOG, "Could not go on with the upgrade");
        this.role = role;
        this.mirror = mirror;
        this.primary = primary;
        this.processes = processes;
        this.keeper = keeper;
        this.completeness = completeness;
        candidates = new Candidates(context, role, processes, signals, this);
        rejects = Rejects.in(role.runDir());
        this.context = context;
        mirror.upgrade().ifPresent(upgrade -> errands.add(() -> resume(upgrade)));
        registration = context.registerService(LoopTask.class, this, null);
    }

    private void resume(Upgrade upgrade) {
        var named = upgrade.candidate() == role.pid();
        // Others may have the number of a candidate that is dead, and that of the HAM they were started by.
        if (named && role.settings().candidate()) {
            LOG.log(Level.INFO, "On probation after the upgrade from {0}", upgrade.from());
            leads = true;
            prove(role.settings().probation().toMillis(), 0);
        } else if (upgrade.onProbation() && isGuardianOf(upgrade.candidate())) {
            // The new HAM had its own Guardian already, this process, and did not live to say so.
            mirror.upgradeEnded("");
        } else {
            findCandidate(upgrade).ifPresent(candidates::kill);
            fail(
                    named && primary.reason() == Primary.Reason.STARTED
                            ? "HAM and Guardian died, and HAM was started anew"
                            : whyReplaced(upgrade));
        }
    }

    /** And not what it would have handed over to in another upgrade, of which the lines are lost. */
    private boolean isGuardianOf(long ham) {
        return role.settings().guardianOf().equals(OptionalLong.of(ham))
                && !role.settings().candidate();
    }

    private String whyReplaced(Upgrade upgrade) {
        return upgrade.onProbation() && primary.predecessor() == upgrade.candidate()
                ? "the new HAM, process " + upgrade.candidate() + ", "
                        + (primary.reason() == Primary.Reason.FENCED ? "hung" : "died")
                        + " on probation; this is the old distribution again"
                : "the HAM of the old distribution was replaced before it handed over";
    }

    private Optional<ProcessRef> findCandidate(Upgrade upgrade) {
        return processes
                .findByEnvironment(Map.of(
                        Settings.STANDS_BY,
                        Settings.CANDIDATE,
                        Settings.GUARDIAN_OF,
                        Long.toString(primary.predecessor() == 0 ? role.pid() : primary.predecessor())))
                .filter(found -> found.pid() == upgrade.candidate());
    }

    @Override
    public long begin(Path distribution, Optional<Path> java, List<Path> with, Actor actor) {
        var from = Distribution.of(role.settings().command());
        var to = Distribution.at(distribution);
        java.ifPresent(Upgrader::checkJava);
        return begin(from, to, java, with, actor);
    }

    /** The same between two that are known to be there. */
    long begin(Distribution from, Distribution to, Optional<Path> java, List<Path> with, Actor actor) {
        synchronized (this) {
            if (mirror.upgrade().isPresent() || candidates.current() != null) {
                throw new HamException(
                        Code.EXISTS,
                        "an upgrade is under way"
                                + mirror.upgrade().map(one -> " to " + one.to()).orElse("")
                                + "; wait for its end (ham events --follow)");
            }
            if (keeper.ready().isEmpty()) {
                throw new HamException(
                        Code.FAILED,
                        "there is no Guardian that is ready, which an upgrade falls back on; see: ham status");
            }
            var extra = new HashMap<String, String>();
            extra.put(Settings.STANDS_BY, Settings.CANDIDATE);
            java.ifPresent(home -> extra.put("JAVA_HOME", home.toString()));
            try {
                var jars = rejects.name(with);
                var started = candidates.start(to.command(role.settings().command()), extra);
                mirror.upgrading(
                        new Upgrade(
                                from.toString(),
                                to.toString(),
                                started.standing().pid(),
                                jars),
                        actor);
                return started.standing().pid();
            } catch (LinuxException | IOException e) {
                throw new HamException(Code.FAILED, "a node of " + to + " cannot be started: " + e.getMessage(), e);
            }
        }
    }

    private static void checkJava(Path home) {
        if (!Files.isExecutable(home.resolve("bin").resolve("java"))) {
            throw new HamException(Code.NOT_FOUND, "no Java machine in " + home + ": it has no bin/java");
        }
    }

    @Override
    public long turned(long seq, long nowNanos) {
        var waiting = candidates.current();
        if (waiting != null && mirror.stopping()) {
            errands.add(() -> candidates.drop(waiting));
            return Long.MAX_VALUE;
        }
        return candidates.look(nowNanos);
    }

    @Override
    public void ready(Candidate ready) {
        errands.add(() -> {
            if (leads && candidates.release(ready)) {
                var allRun = rejectWhatDoesNotRun();
                // From now on it is like any other HAM, and may be replaced by the next one.
                leads = false;
                failures = 0;
                // Not before the one that stood by has gone: there is no room for a third beside these two.
                keeper.replace(ready.standing(), () -> succeeded(allRun));
            } else if (!leads) {
                handOver(ready.standing().pid(), LIMITS.candidate().toMillis());
            }
        });
    }

    private void succeeded(boolean allRun) {
        mirror.upgradeEnded("");
        if (allRun) {
            mirror.alarm(DroppedBundles.ALARM, "");
        }
    }

    /** What a node does not take though it is offered is not offered for ever; whether there is none. */
    private boolean rejectWhatDoesNotRun() {
        var left = mirror.upgrade().map(Upgrade::with).orElse(List.of()).stream()
                .filter(name -> !DroppedBundles.isRunning(context, name))
                .toList();
        rejects.add(left);
        return left.isEmpty();
    }

    /** Hands over as soon as there is a Guardian to fall back on. */
    private void handOver(long successor, long millisLeft) {
        var waiting = candidates.current();
        if (waiting == null || waiting.standing().pid() != successor) {
            return;
        }
        if (keeper.ready().isPresent() && mirror.upgrade().isPresent()) {
            LOG.log(Level.INFO, "Handing over to process {0}", Long.toString(successor));
            mirror.handOver(successor, role::endAtOnce);
        }
        if (millisLeft > 0) {
            errands.later(
                    LIMITS.handOverPause(),
                    () -> handOver(
                            successor, millisLeft - LIMITS.handOverPause().toMillis()));
        } else {
            failed(waiting, "there was no Guardian to fall back on, or no journal to write it to");
        }
    }

    @Override
    public void failed(Candidate failed, String why) {
        errands.add(() -> {
            if (failed != candidates.current()) {
                return;
            }
            candidates.drop(failed);
            if (leads && ++failures < TRIES) {
                LOG.log(
                        Level.WARNING,
                        "The next Guardian, process {0}, is of no use: {1}",
                        failed.standing().pid(),
                        why);
                renew();
            } else if (leads) {
                back("the new Guardian, process " + failed.standing().pid() + ", is of no use: " + why);
            } else {
                fail("the new HAM, process " + failed.standing().pid() + ", is of no use: " + why);
            }
        });
    }

    /** The new HAM has to be whole until its probation is over. */
    private void prove(long millisLeft, int badLooks) {
        var missing = missing();
        var bad = missing.isEmpty() ? 0 : badLooks + 1;
        if (bad > LIMITS.badLooks()) {
            back("the new HAM is not whole: " + String.join("; ", missing));
        } else if (millisLeft > 0 || bad > 0) {
            errands.later(
                    LIMITS.probationLook(),
                    () -> prove(millisLeft - LIMITS.probationLook().toMillis(), bad));
        } else {
            renew();
        }
    }

    private List<String> missing() {
        try {
            return completeness.missing();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "Could not look whether the node is complete", e);
            return List.of("it cannot be looked into: " + e);
        }
    }

    /** A Guardian of this distribution, in place of the one of the old. */
    private void renew() {
        try {
            candidates.start(role.settings().command(), Map.of());
        } catch (LinuxException | IOException e) {
            back("no Guardian of the new distribution can be started: " + e.getMessage());
        }
    }

    /** Hands back to the Guardian, which is of the old distribution. */
    private void back(String why) {
        LOG.log(Level.ERROR, "Going back to the old distribution: {0}", why);
        fail(why);
        back();
    }

    private void back() {
        keeper.ready().ifPresent(guardian -> mirror.handOver(guardian.pid(), role::endAtOnce));
        // Where there is none it is awaited: the keeper starts another, though of this distribution.
        errands.later(LIMITS.handOverPause(), this::back);
    }

    /** Jars that it was for are not tried again by themselves. */
    private void fail(String why) {
        mirror.upgrade().map(Upgrade::with).filter(with -> !with.isEmpty()).ifPresent(with -> {
            rejects.add(with);
            mirror.alarm(
                    DroppedBundles.ALARM,
                    String.join(", ", with.stream().map(Rejects::path).toList())
                            + " did not come up and is left out: " + why
                            + ". Take it away, or put a mended one in its place");
        });
        mirror.upgradeEnded(why);
    }

    @Deactivate
    void close() {
        registration.unregister();
        errands.end(LIMITS.stop());
        var left = candidates.current();
        if (left != null) {
            candidates.drop(left);
        }
    }
}
