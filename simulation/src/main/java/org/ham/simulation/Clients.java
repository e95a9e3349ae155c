package org.ham.simulation;

import java.util.ArrayList;
import java.util.List;
import org.ham.api.Actor;
import org.ham.api.HamException;
import org.ham.core.engine.Input;
import org.jspecify.annotations.Nullable;

/** Programs that ask HAM for things, ask again with the same id when the answer does not come, or vanish in mid-call. */
final class Clients {
    private static final int MOST = 8;
    private static final long USER = 1_000;

    private final World world;
    private final Dice dice;
    private final Wishes wishes;
    private final List<Ask> open = new ArrayList<>();
    private long count;

    /** One request on its way. */
    private static final class Ask {
        final Input input;
        final Actor actor;

        /** Who was asked and has not answered. */
        @Nullable
        Node asked;

        Ask(Input input, Actor actor) {
            this.input = input;
            this.actor = actor;
        }
    }

    Clients(World world) {
        this.world = world;
        this.dice = world.dice;
        this.wishes = new Wishes(world);
    }

    Wishes wishes() {
        return wishes;
    }

    /** Somebody asks for something, or asks again. */
    void ask() {
        var server = world.server();
        if (server == null) {
            return;
        }
        if (dice.oneIn(6)) {
            wishes.sign(server);
            return;
        }
        var waiting = waiting();
        if (waiting != null) {
            world.count("requests repeated");
            send(waiting, server);
        } else if (open.size() < MOST) {
            var input = wishes.next();
            var id = "r" + ++count;
            // Some clients give no id; theirs are not asked again.
            var actor = new Actor("client", USER, 1, dice.oneIn(10) ? "" : id);
            var ask = new Ask(input, actor);
            open.add(ask);
            world.count("requests");
            send(ask, server);
        }
    }

    private @Nullable Ask waiting() {
        for (var ask : open) {
            if (ask.asked == null) {
                return ask;
            }
        }
        return null;
    }

    private void send(Ask ask, Node server) {
        ask.asked = server;
        world.trace.add("client asks " + server + " " + ask.actor.request() + " ", ask.input);
        server.theCore().ask(ask.input, ask.actor).whenComplete((_, e) -> answered(ask, server, e));
    }

    private void answered(Ask ask, Node server, @Nullable Throwable e) {
        if (ask.asked != server || !open.contains(ask)) {
            return;
        }
        if (e == null) {
            open.remove(ask);
            world.audits.granted(server, ask.actor.request());
        } else if (e instanceof HamException refused
                && (refused.code() == HamException.Code.NOT_CONNECTED || refused.code() == HamException.Code.LIMIT)) {
            ask.asked = null;
            drop(ask);
        } else {
            if (e.getMessage() != null && e.getMessage().contains("HAM failed to handle")) {
                world.fail("NothingThrows", Texts.of(e));
            }
            open.remove(ask);
        }
    }

    /** One without an id cannot be asked again. */
    private void drop(Ask ask) {
        if (ask.actor.request().isEmpty()) {
            open.remove(ask);
        }
    }

    void nodeDies(Node node) {
        for (var ask : List.copyOf(open)) {
            if (ask.asked == node) {
                ask.asked = null;
                drop(ask);
            }
        }
    }

    /** A client dies in mid-call, and nobody asks again. */
    void vanish() {
        if (!open.isEmpty()) {
            world.count("clients vanish");
            var gone = dice.pick(open);
            world.trace.add("the client of " + gone.actor.request() + " vanishes");
            open.remove(gone);
        }
    }

    /** Whether nobody waits for an answer; those who were cut off ask again. */
    boolean areDone() {
        var server = world.server();
        var waiting = waiting();
        if (waiting != null && server != null) {
            send(waiting, server);
        }
        return open.isEmpty();
    }
}
