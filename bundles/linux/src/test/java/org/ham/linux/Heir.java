package org.ham.linux;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** A program that is started with a listening socket as 3 and a datagram socket as 4, and answers once on each. */
final class Heir {
    private Heir() {}

    public static void main(String[] arguments) throws Exception {
        try (Linux linux = Linux.open();
                UnixListener listener = linux.sockets().adoptListener(3, Path.of(arguments[0]));
                UnixDatagramSocket datagrams = linux.sockets().adoptDatagramSocket(4, Path.of(arguments[1]))) {
            AtomicBoolean done = new AtomicBoolean();
            datagrams.onDatagram(datagram -> {
                System.out.println(
                        datagram.text() + " from " + datagram.sender().pid());
                done.set(true);
            });
            while (!done.get()) {
                linux.reactor().await(Long.MAX_VALUE);
            }
            try (UnixConnection client = listener.accept()) {
                client.out().write("inherited".getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
