package org.ham.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * C strings and arrays of them, gathered in Java and copied into native memory at once: a start has a hundred strings, and
 * one native allocation each would be the most expensive part of it. Confined to one thread.
 */
final class StringBlock {
    private byte[] bytes = new byte[8192];
    private int length;

    /** The arrays: offsets into {@link #bytes} until they are copied, -1 for a null pointer. */
    private long[] pointers = new long[256];

    private int pointerCount;

    /** Adds a string and returns its place. */
    int add(String text) {
        byte[] encoded = text.getBytes(UTF_8);
        int place = length;
        int end = place + encoded.length + 1;
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
        }
        System.arraycopy(encoded, 0, bytes, place, encoded.length);
        bytes[end - 1] = 0;
        length = end;
        return place;
    }

    /** Begins an array of strings and returns its place. */
    int beginArray() {
        return pointerCount;
    }

    /** Adds a string to the array that was begun last. */
    void addToArray(String text) {
        addPointer(add(text));
    }

    /** Ends an array by a null pointer. */
    void endArray() {
        addPointer(-1);
    }

    private void addPointer(long value) {
        if (pointerCount == pointers.length) {
            pointers = Arrays.copyOf(pointers, pointerCount * 2);
        }
        pointers[pointerCount++] = value;
    }

    /**
     * Copies all of it out. Nothing may be added afterwards.
     *
     * @param scratch how many bytes of zeroed memory are wanted in front of it
     */
    Native copy(Arena arena, long scratch) {
        MemorySegment all = arena.allocate(scratch + 8L * pointerCount + length, 16);
        MemorySegment block = all.asSlice(scratch);
        long arrays = 8L * pointerCount;
        long text = block.address() + arrays;
        for (int i = 0; i < pointerCount; i++) {
            pointers[i] = pointers[i] < 0 ? 0 : text + pointers[i];
        }
        MemorySegment.copy(pointers, 0, block, ValueLayout.JAVA_LONG, 0, pointerCount);
        MemorySegment.copy(bytes, 0, block, ValueLayout.JAVA_BYTE, arrays, length);
        return new Native(all, block, arrays);
    }

    /** The copy, as long as its arena is open. */
    record Native(MemorySegment scratch, MemorySegment block, long text) {
        /** The string at a place. */
        MemorySegment string(int place) {
            return block.asSlice(text + place);
        }

        /** The array at a place. */
        MemorySegment array(int place) {
            return block.asSlice(8L * place);
        }
    }
}
