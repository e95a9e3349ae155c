package org.ham.linux;

import java.util.concurrent.atomic.AtomicReference;

/** A second process that watches one that is not its child, and prints how it ended. */
final class Watcher {
    private Watcher() {}

    public static void main(String[] arguments) {
        try (Linux linux = Linux.open()) {
            AtomicReference<ExitStatus> end = new AtomicReference<>();
            ProcessRef process = linux.processes().identify(Long.parseLong(arguments[0]));
            linux.processes().watch(process, end::set);
            System.out.println("watching");
            while (end.get() == null) {
                linux.reactor().await(Long.MAX_VALUE);
            }
            System.out.println(end.get().kind() + " " + end.get().value());
        }
    }
}
