package org.ham.simulation;

import java.util.HashMap;
import java.util.Map;
import org.ham.api.Event;
import org.ham.api.ProcessId;

final class LastWordsAreHeard extends Audit {
    /** Those whose words were read and do not stand in the journal yet, by their pids. */
    private final Map<Long, Said> said = new HashMap<>();

    /** What was read by whom; what one read and did not write goes with it. */
    private record Said(ProcessId who, long epoch) {}

    LastWordsAreHeard(World world) {
        super(world);
    }

    @Override
    String sentence() {
        return "What a process said before it died, and was read, stands before its death.";
    }

    @Override
    void said(Node to, ProcessId who) {
        said.put(who.pid(), new Said(who, to.state().epoch()));
    }

    @Override
    void line(Event event) {
        var pid = event.pid().orElse(0);
        switch (event.type()) {
            case "ending" -> said.remove(pid);
            case "death" -> {
                var read = said.remove(pid);
                if (read != null
                        && read.epoch() == event.epoch()
                        && read.who().inode() == Archive.number(event, "inode")) {
                    fail("line " + event.seq() + " tells the death of " + read.who() + " and nothing of what it said");
                }
            }
            default -> {}
        }
    }

    @Override
    void linesLost() {
        said.clear();
    }
}
