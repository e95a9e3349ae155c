package org.ham.detector.notify;

import java.util.Optional;
import org.ham.linux.Peer;
import org.ham.linux.ProcessRef;
import org.ham.spi.Roster;
import org.ham.spi.Roster.Member;

/** Finds the entity that a sender speaks for. Stateless but for what it is given. */
final class Senders {
    private final Roster roster;
    private final Kin kin;

    Senders(Roster roster, Kin kin) {
        this.roster = roster;
        this.kin = kin;
    }

    /** Without waiting for anything. A process that has ended is still known if it was an entity's own. */
    Optional<Member> quick(Peer sender) {
        return roster.of(sender.pid())
                .filter(member -> isSame(sender, member))
                .or(() -> kin.of(sender.pid(), startTime(sender)));
    }

    private static boolean isSame(Peer sender, Member member) {
        var known = member.process();
        // Where the kernel does not tell more than a pid, the start time is looked at as for any other sender.
        return sender.process()
                .filter(process ->
                        process.isSameAs(new ProcessRef(known.pid(), known.startTime(), known.inode(), known.boot())))
                .isPresent();
    }

    /** Also by what it was started with. */
    Optional<Member> thorough(Peer sender) {
        return quick(sender).or(() -> kin.byEnvironment(sender.pid(), startTime(sender), sender.uid()));
    }

    private static long startTime(Peer sender) {
        return sender.process().map(ProcessRef::startTime).orElse(0L);
    }
}
