package org.ham.linux;

import java.nio.file.Path;

/** A program that holds the first word of a page until it is killed. */
final class Holder {
    static final int SIZE = 4096;

    private Holder() {}

    public static void main(String[] arguments) throws Exception {
        try (Linux linux = Linux.open();
                SharedPage page = SharedPage.open(Path.of(arguments[0]), SIZE);
                AutoCloseable held = linux.futexes().hold(page, 0)) {
            System.out.println("holding " + (held != null));
            while (page.getAcquire(8) == 0) {
                linux.reactor().await(Long.MAX_VALUE);
            }
        }
    }
}
