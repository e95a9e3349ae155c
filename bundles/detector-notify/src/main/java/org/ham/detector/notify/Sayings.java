package org.ham.detector.notify;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.ham.api.Beating;
import org.ham.api.EntityView;
import org.ham.api.HeartbeatView;
import org.ham.api.ProcessId;
import org.ham.detector.notify.Message.Watchdog;
import org.ham.detector.notify.Message.Word;
import org.ham.linux.LinuxException;
import org.ham.spi.Reports;
import org.ham.spi.Roster.Member;
import org.ham.spi.Supervisor;

/** Makes reports of what messages say. Confined to whoever holds the lock of {@link Postbox}. */
final class Sayings {
    /** By then the core has taken up a new main process, or has refused it. */
    private static final long TAKEN_UP_NANOS = 1_000_000_000;

    private final Reports reports;
    private final Supervisor ham;
    private final Voices voices;
    private final Graces graces;

    /** Main processes that were reported and are not in the roster yet, by entity. */
    private final Map<String, Change> changes = new HashMap<>();

    private record Change(ProcessId from, ProcessId to, long at) {}

    Sayings(Reports reports, Supervisor ham, Voices voices, Graces graces) {
        this.reports = reports;
        this.ham = ham;
        this.voices = voices;
        this.graces = graces;
    }

    /**
     * Reports what a message says, in the order systemd takes it in.
     *
     * @param main the process that it names as the main one, if it may
     */
    void take(Message message, Member sender, Optional<ProcessId> main, long now) {
        var who =
                main.map(process -> change(current(sender, now), process, now)).orElseGet(() -> current(sender, now));
        voices.say(who, message.word(), text(message, who.entity()), now);
        if (message.word().equals(Optional.of(Word.READY))) {
            graces.ready(who, now);
            reports.beat(who.entity(), who.process());
        }
        message.extendMicros().ifPresent(micros -> graces.extend(who, micros, now));
        message.watchdogMicros()
                .ifPresent(micros -> firstMark(who.entity()).ifPresent(mark -> graces.silence(who, micros, mark, now)));
        if (message.watchdog().equals(Optional.of(Watchdog.BEAT))) {
            graces.beat(who, now);
            reports.beat(who.entity(), who.process());
        } else if (message.watchdog().isPresent()) {
            reports.missed(who.entity(), who.process(), Beating.MISSED_HIGH, 0);
        }
    }

    private Member change(Member who, ProcessId main, long now) {
        if (main.equals(who.process())) {
            return who;
        }
        reports.mainProcess(who.entity(), who.process(), main);
        changes.put(who.entity(), new Change(who.process(), main, now));
        return new Member(who.entity(), main, who.started());
    }

    /** The entity with the main process it will have once the core has read what was reported. */
    private Member current(Member who, long now) {
        var change = changes.get(who.entity());
        if (change == null) {
            return who;
        }
        if (!change.from().equals(who.process()) || now - change.at() > TAKEN_UP_NANOS) {
            changes.remove(who.entity());
            return who;
        }
        return new Member(who.entity(), change.to(), who.started());
    }

    private Optional<String> text(Message message, String entity) {
        if (message.errno().isEmpty() || message.errno().getAsInt() == 0) {
            return message.status();
        }
        var number = message.errno().getAsInt();
        var error = "error " + number + " (" + new LinuxException("", number).errnoName() + ")";
        var said = message.status()
                .or(() -> ham.entity(entity).map(EntityView::text))
                .orElse("");
        return Optional.of(
                said.isEmpty() || said.endsWith(error) ? (said.isEmpty() ? error : said) : said + ": " + error);
    }

    /** For how long an entity may be silent by its heartbeat. */
    private Optional<Long> firstMark(String entity) {
        return ham.entity(entity)
                .flatMap(EntityView::heartbeat)
                .map(beats -> marks(beats).min().orElse(0))
                .filter(mark -> mark > 0);
    }

    private static LongStream marks(HeartbeatView beats) {
        return LongStream.of(beats.low(), beats.high())
                .filter(mark -> mark > 0)
                .map(mark -> mark > Graces.MOST_NANOS / beats.periodNanos()
                        ? Graces.MOST_NANOS
                        : mark * beats.periodNanos());
    }

    long turn(long now) {
        return Math.min(voices.turn(now), graces.turn(now));
    }
}
