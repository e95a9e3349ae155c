package org.ham.config;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ham.api.Actor;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.HamException;
import org.ham.api.HamPath;
import org.ham.api.ProcessId;
import org.ham.config.Ledger.Owned;
import org.ham.config.Wishes.Wish;
import org.ham.spi.Host;
import org.ham.spi.Mirror;
import org.ham.spi.Supervisor;

/** Makes HAM's entities be as the files say, and says what is wrong with a file. Confined to the config thread. */
final class Reconciler {
    /** When to look again though no file changes. */
    enum Next {
        /** Nothing is left to do. */
        NEVER,
        /** A file is gone; an editor may be about to put it back. */
        SOON,
        /** HAM refused something; the reason may go away, such as a plug-in that is not there yet. */
        LATER
    }

    private static final Actor CONFIG = Actor.part("config");
    private static final String FOLDER = "entities";
    private static final int SIGTERM = 15;

    /** For how long a file must be gone before its entities go: an editor may be about to put it back. */
    private static final long GONE_NANOS = 500_000_000;

    private final System.Logger log = System.getLogger("org.ham.config");
    private final EntityFolder folder;
    private final Ledger ledger;
    private final Supervisor ham;
    private final Mirror mirror;
    private final Host host;
    private final Map<String, String> reported = new HashMap<>();
    private final Map<String, Long> missing = new HashMap<>();

    Reconciler(EntityFolder folder, Ledger ledger, Supervisor ham, Mirror mirror, Host host) {
        this.folder = folder;
        this.ledger = ledger;
        this.ham = ham;
        this.mirror = mirror;
        this.host = host;
    }

    /** Looks at all files and does what is to be done. */
    Next apply() {
        var problems = new TreeMap<String, List<String>>();
        var next = Next.NEVER;
        try {
            var files = folder.read();
            if (files.isPresent()) {
                var wishes = Wishes.of(files.get(), ledger);
                problems.putAll(wishes.problems());
                next = later(declare(wishes, problems), remove(wishes, problems));
            } else if (!ledger.entities().isEmpty()) {
                problems.put(FOLDER, List.of(folder.path() + " is gone; its entities are kept as they are"));
                next = Next.LATER;
            }
        } catch (IOException e) {
            problems.put(FOLDER, List.of(folder.path() + " cannot be read; its entities are kept as they are: " + e));
            next = Next.LATER;
        }
        report(problems);
        return save() ? next : Next.LATER;
    }

    private static Next later(Next one, Next other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private Next declare(Wishes wishes, Map<String, List<String>> problems) {
        var next = Next.NEVER;
        for (var wish : wishes.wanted().entrySet()) {
            if (Thread.currentThread().isInterrupted()) {
                return Next.LATER;
            }
            var name = wish.getKey();
            var done = new Owned(
                    wish.getValue().file(),
                    wish.getValue().document().stopOnRemove(),
                    wish.getValue().digest());
            var before = ledger.get(name);
            if (before.isPresent() && before.get().digest().equals(done.digest())) {
                ledger.put(name, done);
            } else if (declare(wish.getValue(), problems)) {
                ledger.put(name, done);
            } else {
                next = Next.LATER;
            }
        }
        return next;
    }

    private boolean declare(Wish wish, Map<String, List<String>> problems) {
        var entity = wish.document().entity();
        try {
            ham.declare(entity, CONFIG);
            log.log(Level.INFO, wish.file() + ": declared entity '" + entity.name() + "'");
            return true;
        } catch (RuntimeException e) {
            note(problems, wish.file(), wish.file() + ": entity '" + entity.name() + "' is refused: " + words(e));
            return false;
        }
    }

    private static void note(Map<String, List<String>> problems, String file, String text) {
        problems.computeIfAbsent(file, _ -> new ArrayList<>()).add(text);
    }

    private static String words(RuntimeException e) {
        return e instanceof HamException ? String.valueOf(e.getMessage()) : e.toString();
    }

    /** Detaches what no file speaks for any more, when it is still so at the second look. */
    private Next remove(Wishes wishes, Map<String, List<String>> problems) {
        var next = Next.NEVER;
        var gone = new HashSet<>(ledger.entities().keySet());
        gone.removeAll(wishes.claims().keySet());
        missing.keySet().retainAll(gone);
        for (var name : gone) {
            var now = host.monotonic();
            if (now - missing.computeIfAbsent(name, _ -> now) < GONE_NANOS) {
                next = later(next, Next.SOON);
            } else if (!detach(name, problems)) {
                next = Next.LATER;
            }
        }
        return next;
    }

    private boolean detach(String name, Map<String, List<String>> problems) {
        var owned = ledger.get(name).orElseThrow();
        try {
            var process = owned.stopOnRemove() ? process(name) : Optional.<ProcessId>empty();
            if (name.equals(HamPath.GLOBAL)) {
                ham.declare(EntitySpec.placeholder(name), CONFIG);
            } else {
                ham.detach(EntityHandle.of(name), CONFIG);
            }
            log.log(Level.INFO, owned.file() + " has gone: detached entity '" + name + "'");
            // Detached first, so that its end is no death that would be recovered.
            process.ifPresent(running -> stop(name, running, owned.file()));
        } catch (RuntimeException e) {
            if (!(e instanceof HamException refused) || refused.code() != HamException.Code.NOT_FOUND) {
                note(problems, owned.file(), owned.file() + ": entity '" + name + "' is not detached: " + words(e));
                return false;
            }
        }
        ledger.remove(name);
        return true;
    }

    private Optional<ProcessId> process(String name) {
        var view = ham.entity(name);
        var pid = view.map(entity -> entity.pid()).orElse(OptionalLong.empty());
        if (pid.isEmpty()) {
            return Optional.empty();
        }
        try {
            var process = host.identify(pid.getAsLong());
            return view.get().startTime().equals(OptionalLong.of(process.startTime()))
                    ? Optional.of(process)
                    : Optional.empty();
        } catch (HamException e) {
            return Optional.empty(); // it is dead already
        }
    }

    private void stop(String entity, ProcessId process, String file) {
        try {
            host.signal(process, SIGTERM);
            mirror.signalled("config", entity, process.pid(), "SIGTERM", file + " has gone, and said on-remove: stop");
        } catch (HamException e) {
            if (e.code() != HamException.Code.NOT_FOUND) {
                log.log(Level.WARNING, "process " + process + " is not stopped: " + e.getMessage());
            }
        }
    }

    private void report(Map<String, List<String>> problems) {
        var files = new TreeSet<>(problems.keySet());
        files.addAll(ledger.alarms());
        for (var file : files) {
            var text = String.join("\n", problems.getOrDefault(file, List.of()));
            if (!text.equals(reported.get(file))) {
                log.log(text.isEmpty() ? Level.INFO : Level.ERROR, text.isEmpty() ? file + " is fine again" : text);
                mirror.alarm("config:" + file, text);
                reported.put(file, text);
            }
            ledger.alarm(file, !text.isEmpty());
        }
        reported.keySet().retainAll(ledger.alarms());
    }

    private boolean save() {
        try {
            ledger.save();
            reportLedger("");
            return true;
        } catch (IOException e) {
            reportLedger("which entities the files own cannot be saved: " + e);
            return false;
        }
    }

    private void reportLedger(String text) {
        if (!text.equals(reported.getOrDefault("", ""))) {
            mirror.alarm("config:ledger", text);
            reported.put("", text);
            if (!text.isEmpty()) {
                log.log(Level.ERROR, text);
            }
        }
    }
}
