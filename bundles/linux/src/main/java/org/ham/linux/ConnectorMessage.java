package org.ham.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The messages of the proc connector: a netlink header, a connector header, an event. Thread-safe. */
final class ConnectorMessage {
    /** Number and group of the source that announces what processes do. */
    static final int PROCESSES = 1;

    /** More than the longest there is. */
    static final int MOST_SIZE = 256;

    private static final int NETLINK_HEADER = 16;
    private static final int CONNECTOR_HEADER = 20;
    private static final int EVENT = NETLINK_HEADER + CONNECTOR_HEADER;
    private static final int DATA = EVENT + 16;
    private static final int EXIT_SIZE = DATA + 24;
    private static final short LAST_OF_ITS_KIND = 3;
    private static final int LISTEN = 1;
    private static final int NO_EVENT = 0;
    private static final int EXIT = 0x8000_0000;

    private ConnectorMessage() {}

    /** The request to be told everything. */
    static MemorySegment subscription(Arena arena) {
        return request(arena, LISTEN);
    }

    /** The request to be told of exits only; kernels before Linux 6.6 know none. */
    static MemorySegment exitsOnly(Arena arena) {
        return request(arena, LISTEN, EXIT);
    }

    private static MemorySegment request(Arena arena, int... words) {
        int size = 4 * words.length;
        MemorySegment request = arena.allocate(EVENT + size, 8);
        request.set(ValueLayout.JAVA_INT, 0, EVENT + size);
        request.set(ValueLayout.JAVA_SHORT, 4, LAST_OF_ITS_KIND);
        request.set(ValueLayout.JAVA_INT, NETLINK_HEADER, PROCESSES);
        request.set(ValueLayout.JAVA_INT, NETLINK_HEADER + 4, PROCESSES);
        request.set(ValueLayout.JAVA_SHORT, NETLINK_HEADER + 16, (short) size);
        MemorySegment.copy(words, 0, request, ValueLayout.JAVA_INT, EVENT, words.length);
        return request;
    }

    /** Whether it answers a request. */
    static boolean isAnswer(MemorySegment message, long size) {
        return size >= DATA + 4 && isOfProcesses(message) && what(message) == NO_EVENT;
    }

    /** The error number of an answer, 0 when there is none. */
    static int error(MemorySegment message) {
        return message.get(ValueLayout.JAVA_INT, DATA);
    }

    /** Whether it announces the exit of a thread. */
    static boolean isExit(MemorySegment message, long size) {
        return size >= EXIT_SIZE && isOfProcesses(message) && what(message) == EXIT;
    }

    /** The thread that exits; the process itself for its main one. */
    static long thread(MemorySegment message) {
        return message.get(ValueLayout.JAVA_INT, DATA);
    }

    static long process(MemorySegment message) {
        return message.get(ValueLayout.JAVA_INT, DATA + 4);
    }

    /** How the thread ends, as {@code wait(2)} tells it. */
    static int waitStatus(MemorySegment message) {
        return message.get(ValueLayout.JAVA_INT, DATA + 8);
    }

    private static boolean isOfProcesses(MemorySegment message) {
        return message.get(ValueLayout.JAVA_INT, NETLINK_HEADER) == PROCESSES
                && message.get(ValueLayout.JAVA_INT, NETLINK_HEADER + 4) == PROCESSES;
    }

    private static int what(MemorySegment message) {
        return message.get(ValueLayout.JAVA_INT, EVENT);
    }
}
