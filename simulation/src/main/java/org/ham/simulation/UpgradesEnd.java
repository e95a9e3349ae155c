package org.ham.simulation;

import java.nio.file.Path;
import java.util.Objects;
import org.ham.api.Event;
import org.jspecify.annotations.Nullable;

final class UpgradesEnd extends Audit {
    private @Nullable Path expected;

    UpgradesEnd(World world) {
        super(world);
    }

    @Override
    String sentence() {
        return "An upgrade that is said to have gone well leaves both processes of the new distribution.";
    }

    @Override
    void line(Event event) {
        switch (event.type()) {
            case "upgraded" -> expected = Path.of(Archive.word(event, "to"));
            // Whoever starts HAM starts what he likes; where an upgrade failed it depends on who lived.
            case "ham-started", "upgrade-started", "upgrade-failed" -> expected = null;
            default -> {}
        }
    }

    @Override
    void led(Node node) {
        // The line does not always say that it was started, as it may have the number of the one before. And the old
        // Guardian, which is ended when the new one is ready, takes over if the HAM dies in that moment.
        if (node.guardianOf == 0 || !node.home.equals(expected)) {
            expected = null;
        }
    }

    @Override
    void atRest() {
        var wanted = expected;
        if (wanted == null) {
            return;
        }
        var leader = Objects.requireNonNull(world.leader());
        for (var node : world.nodes) {
            if (!node.home.equals(wanted)) {
                fail((node == leader ? "the HAM, " : "the Guardian, ") + node + ", is of " + node.home + " and not of "
                        + wanted);
            }
        }
    }

    @Override
    void linesLost() {
        expected = null;
    }
}
