package org.ham.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A supervisor as one writes it in plain Java, to compare with: {@code PlainJava COUNT COMMAND [ARGUMENT...]}. */
final class PlainJava {
    private final ProcessBuilder builder;

    private PlainJava(List<String> command) {
        builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Redirect.from(new java.io.File("/dev/null")))
                .redirectOutput(Redirect.DISCARD);
    }

    public static void main(String[] args) throws InterruptedException {
        var supervisor = new PlainJava(Arrays.asList(args).subList(1, args.length));
        for (var i = 0; i < Integer.parseInt(args[0]); i++) {
            supervisor.start();
        }
        new CountDownLatch(1).await();
    }

    private void start() {
        try {
            var _ = builder.start().onExit().thenRun(this::start);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
