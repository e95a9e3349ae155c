package org.ham.detector.notify;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ham.api.ProcessId;
import org.ham.detector.notify.Message.Word;
import org.ham.spi.Reports;
import org.ham.spi.Roster;
import org.ham.spi.Roster.Member;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what entities say of themselves: what is new in it, and not more often than the journal bears. Of what is said
 * meanwhile the latest is kept and passed on a little later; not so when it is about to end, as there may be no later. Confined to
 * whoever holds the lock of {@link Postbox}.
 */
final class Voices {
    /** So many lines of an entity may come at once. */
    static final int BURST = 20;

    /** And one more each time this has passed. */
    static final long PAUSE_NANOS = 100_000_000;

    private static final int SWEEP_FROM = 1024;

    private final Reports reports;
    private final Roster roster;
    private final Map<String, Voice> all = new HashMap<>();
    private final Set<Voice> waiting = new LinkedHashSet<>();
    private int sweepAt = SWEEP_FROM;

    Voices(Reports reports, Roster roster) {
        this.reports = reports;
        this.roster = roster;
    }

    /** What one entity said. */
    private static final class Voice {
        final String entity;
        ProcessId process;

        @Nullable
        Word word;

        @Nullable
        Word nextWord;

        @Nullable
        String text;

        @Nullable
        String nextText;

        /** Whether its end was passed on. */
        boolean ends;

        /** When it will have been silent for so long that a whole burst may come again. */
        long quietAt;

        Voice(Member member, long now) {
            this.entity = member.entity();
            this.process = member.process();
            this.quietAt = now;
        }

        boolean mayTell(boolean ending, long now) {
            return ending || Math.max(quietAt, now) + PAUSE_NANOS - now <= BURST * PAUSE_NANOS;
        }

        void told(long now) {
            quietAt = Math.max(quietAt, now) + PAUSE_NANOS;
        }
    }

    void say(Member who, Optional<Word> word, Optional<String> text, long now) {
        var voice = voice(who, now);
        voice.nextWord = word.orElse(voice.nextWord);
        voice.nextText = text.orElse(voice.nextText);
        var ending = voice.nextWord == Word.STOPPING && !voice.ends;
        voice.ends |= ending;
        if (!pass(voice, ending, now)) {
            waiting.add(voice);
        }
    }

    private Voice voice(Member who, long now) {
        var voice = all.computeIfAbsent(who.entity(), _ -> new Voice(who, now));
        if (!voice.process.equals(who.process())) {
            // What an earlier process said last is nothing to compare with.
            voice.process = who.process();
            voice.word = null;
            voice.text = null;
            voice.ends = false;
        }
        if (all.size() >= sweepAt) {
            all.keySet()
                    .removeIf(entity ->
                            !entity.equals(who.entity()) && roster.of(entity).isEmpty());
            sweepAt = Math.max(SWEEP_FROM, all.size() * 2);
        }
        return voice;
    }

    /** Passes on what is new; false when some of it has to wait. */
    private boolean pass(Voice voice, boolean ending, long now) {
        var word = voice.nextWord;
        if (word != null && word != voice.word) {
            if (!voice.mayTell(ending, now)) {
                return false;
            }
            voice.told(now);
            tell(voice, word);
            voice.word = word;
        }
        voice.nextWord = null;
        var text = voice.nextText;
        if (text != null && !text.equals(voice.text)) {
            if (!voice.mayTell(ending, now)) {
                return false;
            }
            voice.told(now);
            reports.text(voice.entity, voice.process, text);
            voice.text = text;
        }
        voice.nextText = null;
        return true;
    }

    private void tell(Voice voice, Word word) {
        switch (word) {
            case READY -> reports.ready(voice.entity, voice.process);
            case RELOADING -> reports.reloading(voice.entity, voice.process);
            case STOPPING -> reports.stopping(voice.entity, voice.process);
        }
    }

    /**
     * Passes on what waited.
     *
     * @return in how many nanoseconds there is more to pass on; {@link Long#MAX_VALUE} for nothing
     */
    long turn(long now) {
        waiting.removeIf(voice -> pass(voice, false, now));
        return waiting.isEmpty() ? Long.MAX_VALUE : PAUSE_NANOS;
    }
}
