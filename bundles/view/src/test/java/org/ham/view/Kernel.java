package org.ham.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The other end: writes requests as the kernel does and reads the answers. Confined to the test. */
final class Kernel {
    private static final long UNIQUE = 77;

    final Answers answers;

    Kernel(Shown ham, Limits limits) {
        answers = new Answers(new TreeFiles(ham, Path.of("/run/ham")), new Owner(7, 8), limits);
    }

    static ByteBuffer body(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }

    /** The bytes after the header; fails when the answer is an error. */
    ByteBuffer ok(int opcode, long node, ByteBuffer body) {
        var answer = raw(opcode, node, body);
        if (answer.getInt(4) != 0) {
            throw new AssertionError("opcode " + opcode + " answered " + answer.getInt(4));
        }
        return answer.position(16).slice().order(ByteOrder.nativeOrder());
    }

    /** The error number. */
    int error(int opcode, long node, ByteBuffer body) {
        return -raw(opcode, node, body).getInt(4);
    }

    /** The whole answer; empty when there is none. */
    ByteBuffer raw(int opcode, long node, ByteBuffer body) {
        var length = answers.answer(request(opcode, node, body.array()), 40 + body.capacity());
        var answer = ByteBuffer.wrap(Arrays.copyOf(answers.reply(), length)).order(ByteOrder.nativeOrder());
        if (length > 0 && (answer.getInt(0) != length || answer.getLong(8) != UNIQUE)) {
            throw new AssertionError("an answer of " + answer.getInt(0) + " bytes to " + answer.getLong(8));
        }
        return answer;
    }

    static byte[] request(int opcode, long node, byte[] body) {
        var request = body(40 + body.length);
        request.putInt(request.capacity())
                .putInt(opcode)
                .putLong(UNIQUE)
                .putLong(node)
                .position(40)
                .put(body);
        return request.array();
    }

    /** Looks up a path and returns the number of its node. */
    long node(String... names) {
        var node = Nodes.TOP;
        for (var name : names) {
            node = ok(Answers.LOOKUP, node, name(name)).getLong();
        }
        return node;
    }

    static ByteBuffer name(String name) {
        var bytes = name.getBytes(UTF_8);
        return body(bytes.length + 1).put(bytes);
    }

    long open(int opcode, long node) {
        return ok(opcode, node, body(8)).getLong();
    }

    ByteBuffer read(int opcode, long node, long handle, long offset, int size) {
        return ok(opcode, node, body(40).putLong(handle).putLong(offset).putInt(size));
    }

    String text(long node) {
        var handle = open(Answers.OPEN, node);
        var bytes = read(Answers.READ, node, handle, 0, 1 << 16);
        ok(Answers.RELEASE, node, body(24).putLong(handle));
        return UTF_8.decode(bytes).toString();
    }

    /** Reads a folder in portions of so many bytes; a folder's name ends in a slash. */
    List<String> list(long node, int portion) {
        var handle = open(Answers.OPENDIR, node);
        var names = new ArrayList<String>();
        var offset = 0L;
        for (var part = read(Answers.READDIR, node, handle, offset, portion);
                part.hasRemaining();
                part = read(Answers.READDIR, node, handle, offset, portion)) {
            while (part.hasRemaining()) {
                part.getLong();
                offset = part.getLong();
                var length = part.getInt();
                var folder = part.getInt() == 4;
                var name = new byte[length];
                part.get(name).position((part.position() + 7) & ~7);
                names.add(new String(name, UTF_8) + (folder ? "/" : ""));
            }
        }
        ok(Answers.RELEASEDIR, node, body(24).putLong(handle));
        return names;
    }

    void forget(long node, long times) {
        if (raw(Answers.FORGET, node, body(8).putLong(times)).hasRemaining()) {
            throw new AssertionError("FORGET was answered");
        }
    }
}
