package org.ham.core.engine;

import org.ham.api.Beating;
import org.ham.api.HeartbeatSpec;
import org.jspecify.annotations.Nullable;

/**
 * What an entity says of itself, and what is made of its silence. Immutable.
 *
 * @param heartbeat how often it beats, null when it does not
 * @param beating whether marks were missed
 * @param since {@code CLOCK_MONOTONIC} nanoseconds from which on beats are expected
 * @param ready whether it said so since its process began
 * @param text what it last said, empty when nothing
 */
public record Health(@Nullable HeartbeatSpec heartbeat, Beating beating, long since, boolean ready, String text) {
    /** Nothing is expected and nothing was said. */
    static final Health NONE = new Health(null, Beating.OK, 0, false, "");

    /** Of a process that begins now. */
    Health fresh(@Nullable HeartbeatSpec beats, long now) {
        return new Health(beats, Beating.OK, now, false, "");
    }

    Health since(long now) {
        return new Health(heartbeat, beating, now, ready, text);
    }

    Health with(Beating next) {
        return new Health(heartbeat, next, since, ready, text);
    }

    Health healed(long now) {
        return new Health(heartbeat, Beating.OK, now, ready, text);
    }

    Health withReady(boolean is) {
        return new Health(heartbeat, beating, since, is, text);
    }

    Health withText(String said) {
        return new Health(heartbeat, beating, since, ready, said);
    }
}
