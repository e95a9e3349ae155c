package org.ham.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;

/**
 * Starts processes by {@code posix_spawn}, which neither copies nor locks this process's memory however large it is.
 * Thread-safe.
 */
final class Spawner {
    private static final short SETSIGDEF = 0x04;
    private static final short SETSIGMASK = 0x08;
    private static final short SETSID = 0x80;
    private static final int O_WRONLY_CREAT_APPEND = 1 | 0x40 | 0x400;
    private static final int OUTPUT_MODE = 0640;
    private static final String NULL_DEVICE = "/dev/null";
    private static final Launch REAL = Libc::spawn;

    /** Enough for the quick compiler, which takes notice after 200. */
    private static final int REHEARSALS = 300;

    /** Room for the C library's structures, which are smaller. */
    private static final long ATTRIBUTES_SIZE = 512;

    private static final long ACTIONS_SIZE = 128;
    private static final long PID_SIZE = 8;
    private static final long SIGNAL_SET_SIZE = 128;

    /** The same for all: an own session, every signal at its default, none blocked. */
    private final MemorySegment attributes = attributes();

    /** Starts it and returns its pid; nobody but {@code waitid} on it makes its pid free again. */
    int start(Spawn spawn) {
        SpawnPlan plan = SpawnPlan.of(spawn);
        if (plan.chained()) {
            // What the programs in between find out would come too late to refuse the start.
            SpawnPlan.check(spawn);
        }
        return prepared(spawn, plan, REAL);
    }

    /** Prepares a start many times and starts nothing, so that the virtual machine compiles the way there. */
    void rehearse(Spawn spawn) {
        for (int i = 0; i < REHEARSALS; i++) {
            prepared(spawn, SpawnPlan.of(spawn), (pid, program, actions, attributes, arguments, environment) -> 0);
        }
    }

    /** The last step of a start. */
    private interface Launch {
        int with(
                MemorySegment pid,
                MemorySegment program,
                MemorySegment actions,
                MemorySegment attributes,
                MemorySegment arguments,
                MemorySegment environment);
    }

    private int prepared(Spawn spawn, SpawnPlan plan, Launch launch) {
        StringBlock strings = new StringBlock();
        int program = strings.add(plan.program());
        int nothing = strings.add(NULL_DEVICE);
        int output = strings.add(
                spawn.output().map(path -> path.toAbsolutePath().toString()).orElse(NULL_DEVICE));
        int directory = strings.add(spawn.directory().map(Path::toString).orElse("."));
        int arguments = arguments(strings, plan);
        int environment = environment(strings, spawn);
        try (Arena arena = Arena.ofConfined()) {
            StringBlock.Native memory = strings.copy(arena, ACTIONS_SIZE + PID_SIZE);
            MemorySegment actions = memory.scratch();
            MemorySegment pid = actions.asSlice(ACTIONS_SIZE);
            require(Libc.actionsInit(actions), "cannot prepare a start");
            int result;
            try {
                PassedOn passed = new PassedOn(spawn.descriptors());
                passed.save(actions);
                add(Libc.addOpen(actions, 0, memory.string(nothing), 0, 0));
                add(Libc.addOpen(actions, 1, memory.string(output), O_WRONLY_CREAT_APPEND, OUTPUT_MODE));
                add(Libc.addDup2(actions, 1, 2));
                if (spawn.directory().isPresent()) {
                    add(Libc.addChdir(actions, memory.string(directory)));
                }
                passed.placeAndCloseOthers(actions);
                result = launch.with(
                        pid,
                        memory.string(program),
                        actions,
                        attributes,
                        memory.array(arguments),
                        memory.array(environment));
            } finally {
                Libc.actionsDestroy(actions);
            }
            if (result != 0) {
                throw refused(spawn, result);
            }
            return pid.get(ValueLayout.JAVA_INT, 0);
        }
    }

    private static int arguments(StringBlock strings, SpawnPlan plan) {
        int place = strings.beginArray();
        for (String argument : plan.arguments()) {
            strings.addToArray(argument);
        }
        strings.endArray();
        return place;
    }

    private static int environment(StringBlock strings, Spawn spawn) {
        int place = strings.beginArray();
        for (Map.Entry<String, String> entry : spawn.environment().entrySet()) {
            strings.addToArray(entry.getKey() + "=" + entry.getValue());
        }
        strings.endArray();
        return place;
    }

    /** posix_spawn tells an error number but not whose; asking each part again finds the culprit. */
    private static LinuxException refused(Spawn spawn, int errno) {
        try {
            SpawnPlan.check(spawn);
        } catch (LinuxException found) {
            return found;
        }
        return Errno.failure("command: " + spawn.command().getFirst() + " cannot be started", errno);
    }

    private static MemorySegment attributes() {
        MemorySegment attributes = Arena.ofAuto().allocate(ATTRIBUTES_SIZE, 16);
        require(Libc.attributesInit(attributes), "cannot prepare the attributes of starts");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(SIGNAL_SET_SIZE, 8);
            Libc.fillSet(set);
            Libc.attributesDefaults(attributes, set);
            Libc.emptySet(set);
            Libc.attributesMask(attributes, set);
        }
        require(
                Libc.attributesFlags(attributes, (short) (SETSID | SETSIGDEF | SETSIGMASK)),
                "the C library cannot start a process in a session of its own");
        return attributes;
    }

    private static void add(int result) {
        require(result, "cannot prepare a start");
    }

    private static void require(int result, String what) {
        if (result != 0) {
            throw Errno.failure(what, result);
        }
    }
}
