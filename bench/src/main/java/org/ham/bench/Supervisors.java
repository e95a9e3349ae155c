package org.ham.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.ham.linux.Linux;

/** Starts supervisors, each in a folder of its own, and ends those that were not. Confined to one thread, but for close. */
final class Supervisors implements AutoCloseable {
    private final Linux linux;
    private final Kill kill = new Kill();
    private final Path ham;
    private final Path programs;
    private final Path temp;
    private final Deque<Side> running = new ConcurrentLinkedDeque<>();
    private int folders;

    /**
     * Starts nothing yet.
     *
     * @param ham the ham command
     * @param programs the folder with the compiled programs, empty without a C compiler
     * @param temp the folder that takes everything that is written
     */
    Supervisors(Linux linux, Path ham, Path programs, Path temp) {
        this.linux = linux;
        this.ham = ham;
        this.programs = programs;
        this.temp = temp;
    }

    HamSide ham(int count) throws IOException {
        var folder = folder();
        return running(new HamSide(linux, ham, folder, children(folder), count));
    }

    /** Nothing without a C compiler. */
    Optional<Side> bareC(int count) throws IOException {
        var program = program("supervisor");
        return program.isEmpty()
                ? Optional.empty()
                : Optional.of(side(List.of(program.get().toString()), count));
    }

    Side plainJava(int count) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return side(List.of(java, "-cp", System.getProperty("java.class.path"), PlainJava.class.getName()), count);
    }

    boolean hasCompiler() {
        return program("mark").isPresent();
    }

    private Side side(List<String> program, int count) throws IOException {
        return running(new ProgramSide(program, children(folder()), count));
    }

    private <S extends Side> S running(S side) {
        running.push(side);
        return side;
    }

    private Children children(Path folder) {
        var pipe = folder.resolve("marks");
        try {
            var made = new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start();
            if (made.onExit().join().exitValue() != 0) {
                throw new IllegalStateException("cannot make the pipe " + pipe);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Children(linux, kill, program("mark"), pipe);
    }

    private Optional<Path> program(String name) {
        return Optional.of(programs.resolve(name)).filter(Files::isExecutable);
    }

    private Path folder() throws IOException {
        folders++;
        return Files.createDirectory(temp.resolve("s" + folders));
    }

    /** Ends one. */
    void end(Side side) {
        if (running.remove(side)) {
            side.close();
        }
    }

    /** Ends those that still run. */
    @Override
    public void close() {
        for (var side = running.poll(); side != null; side = running.poll()) {
            side.close();
        }
    }
}
