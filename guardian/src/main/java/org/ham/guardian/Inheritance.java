package org.ham.guardian;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.ham.linux.Spawn;
import org.ham.spi.HeldSocket;

/**
 * What a Guardian is given of the HAM's sockets. Immutable.
 *
 * @param descriptors this process's numbers by those that the Guardian gets
 * @param variable what {@link HeldSocket#VARIABLE} says there
 */
record Inheritance(Map<Integer, Integer> descriptors, String variable) {
    private static final int FIRST = 3;

    /** Numbers them; those that are too many are left out. */
    static Inheritance of(List<HeldSocket> sockets) {
        var descriptors = new HashMap<Integer, Integer>();
        var entries = new StringJoiner(",");
        var number = FIRST;
        for (var socket : sockets.stream()
                .sorted(Comparator.comparing(HeldSocket::name))
                .limit(Spawn.HIGHEST_DESCRIPTOR - FIRST + 1L)
                .toList()) {
            descriptors.put(number, socket.descriptor());
            entries.add(socket.name() + "=" + number + ":" + HeldSocket.inode(socket.path()));
            number++;
        }
        return new Inheritance(descriptors, entries.toString());
    }
}
