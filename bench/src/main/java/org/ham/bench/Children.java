package org.ham.bench;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.ham.linux.Linux;
import org.ham.linux.LinuxException;
import org.ham.linux.ProcessRef;
import org.jspecify.annotations.Nullable;

/**
 * The processes that one supervisor keeps running. Each writes a line, its pid and when it began to run, into a named
 * pipe that is read here: whoever waits is woken and need not look again and again, which would take the time from those
 * that are measured. Confined to one thread.
 */
final class Children implements AutoCloseable {
    private static final int SIGKILL = 9;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A process began to run, in {@code CLOCK_MONOTONIC} nanoseconds. */
    private record Mark(long pid, long nanos) {}

    private final Linux linux;
    private final Kill kill;
    private final Path pipe;
    private final List<String> command;
    private final RandomAccessFile file;
    private final BlockingQueue<Mark> marks = new LinkedBlockingQueue<>();

    /** By pid. */
    private final Map<Long, ProcessRef> living = new HashMap<>();

    private int doubled;

    /** Children that announce themselves through a pipe that is there. */
    Children(Linux linux, Kill kill, Optional<Path> marker, Path pipe) {
        this.linux = linux;
        this.kill = kill;
        this.pipe = pipe;
        // The shell's line has no time: it counts from when it arrives here.
        command = marker.map(program -> List.of(program.toString(), pipe.toString()))
                .orElse(List.of("/bin/sh", "-c", "echo $$ 0 > " + pipe + "; exec sleep 1000000"));
        try {
            // Open for writing as well, so that opening does not wait for a writer and reading knows no end.
            file = new RandomAccessFile(pipe.toFile(), "rw");
            Thread.ofPlatform().name("marks").daemon().start(this::read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (var lines = new BufferedReader(
                new java.io.InputStreamReader(new FileInputStream(file.getFD()), StandardCharsets.US_ASCII))) {
            for (var line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                var words = line.split(" ");
                var nanos = Long.parseLong(words[1]);
                marks.add(new Mark(
                        Long.parseLong(words[0]), nanos == 0 ? linux.clocks().monotonic() : nanos));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is to be supervised. */
    List<String> command() {
        return command;
    }

    /** Waits for processes that begin to run; when the last of them did. */
    long await(int count) {
        var last = 0L;
        for (var i = 0; i < count; i++) {
            var mark = next(count, i);
            last = Math.max(last, mark.nanos);
            living.put(mark.pid, linux.processes().identify(mark.pid));
        }
        return last;
    }

    private Mark next(int count, int came) {
        try {
            var mark = marks.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (mark == null) {
                throw new IllegalStateException("of " + count + " processes only " + came + " began to run within "
                        + PATIENCE.toSeconds() + " s; see " + pipe);
            }
            return mark;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Kills all at once and waits until as many run again; the time from the first kill to the last beginning. */
    long recoverAll() {
        return recover(List.copyOf(living.keySet()));
    }

    /** Kills others first and one of these processes at once after it; the time until its replacement runs. */
    long recoverOne(long... before) {
        return recover(List.of(living.keySet().iterator().next()), before);
    }

    private long recover(List<Long> pids, long... before) {
        strangers();
        living.keySet().removeAll(pids);
        // The time is taken right before the first kill, with nothing in between.
        var victims = new long[before.length + pids.size()];
        System.arraycopy(before, 0, victims, 0, before.length);
        for (var i = 0; i < pids.size(); i++) {
            victims[before.length + i] = pids.get(i);
        }
        var from = linux.clocks().monotonic();
        kill.all(victims, SIGKILL);
        return await(pids.size()) - from;
    }

    /** Processes that nobody waited for: started although none had died. */
    private void strangers() {
        for (@Nullable Mark mark = marks.poll(); mark != null; mark = marks.poll()) {
            doubled++;
            living.put(mark.pid, linux.processes().identify(mark.pid));
        }
    }

    /** How many processes were started that should not have been. */
    int doubled() {
        strangers();
        return doubled;
    }

    /** Kills what lives; the supervisor must be gone. */
    @Override
    public void close() {
        try {
            strangers();
            for (var process : new ArrayList<>(living.values())) {
                try {
                    linux.signals().send(process, SIGKILL);
                } catch (LinuxException e) {
                    // It is dead already.
                    continue;
                }
            }
            living.clear();
            // An empty line ends the reader.
            file.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
