package org.ham.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Answers the requests of the kernel, as {@code linux/fuse.h} lays them out. The kernel is told to keep nothing, so that what is
 * read is what is the case; a file or folder that was opened stays as it was then. Confined to one thread.
 */
final class Answers {
    private static final Logger LOG = System.getLogger(Answers.class.getName());

    static final int LOOKUP = 1;
    static final int FORGET = 2;
    static final int GETATTR = 3;
    static final int OPEN = 14;
    static final int READ = 15;
    static final int STATFS = 17;
    static final int RELEASE = 18;
    static final int INIT = 26;
    static final int OPENDIR = 27;
    static final int READDIR = 28;
    static final int RELEASEDIR = 29;
    static final int INTERRUPT = 36;
    static final int DESTROY = 38;
    static final int BATCH_FORGET = 42;

    static final int ENOENT = 2;
    static final int EIO = 5;
    static final int EBADF = 9;
    static final int EINVAL = 22;
    static final int ENFILE = 23;
    static final int EROFS = 30;
    static final int ENOSYS = 38;

    private static final int REQUEST_HEADER = 40;
    private static final int MAJOR = 7;
    private static final int MINOR = 31;
    private static final int MOST_WRITTEN = 4096;
    private static final int ACCESS_MODE = 3;
    /** Read past the page cache: the size may have changed since it was asked for. */
    private static final int DIRECT_IO = 1;

    private static final int LONGEST_NAME = 256;

    private final TreeFiles tree;
    private final Owner owner;
    private final Nodes nodes;
    private final Opened opened;
    private final Reply reply;
    private boolean told;

    Answers(TreeFiles tree, Owner owner, Limits limits) {
        this.tree = tree;
        this.owner = owner;
        nodes = new Nodes(limits.nodes());
        opened = new Opened(limits.open(), limits.openBytes());
        reply = new Reply(limits.replyBytes());
    }

    /** Where the answers are. */
    byte[] reply() {
        return reply.bytes();
    }

    /** How many files and folders the kernel knows of. */
    int known() {
        return nodes.size();
    }

    /** How many are open. */
    int open() {
        return opened.size();
    }

    /** Answers a request, and tells the length of the answer; 0 where none is wanted. */
    int answer(byte[] request, int length) {
        if (length < REQUEST_HEADER) {
            return 0;
        }
        var in = ByteBuffer.wrap(request, 0, length).order(ByteOrder.nativeOrder());
        in.position(4);
        var opcode = in.getInt();
        var unique = in.getLong();
        var node = in.getLong();
        in.position(REQUEST_HEADER);
        try {
            switch (opcode) {
                case FORGET -> nodes.forget(node, in.getLong());
                case BATCH_FORGET -> forgetMany(in);
                case INTERRUPT -> {}
                default -> {
                    reply.begin(unique);
                    return reply.end(handle(opcode, node, in));
                }
            }
            return 0;
        } catch (BufferUnderflowException _) {
            return opcode == FORGET || opcode == BATCH_FORGET
                    ? 0
                    : reply.begin(unique).end(EINVAL);
        } catch (RuntimeException e) {
            // Whoever reads must get an answer, or waits for ever.
            tell(e);
            return reply.begin(unique).end(EIO);
        }
    }

    private void tell(RuntimeException failure) {
        if (!told) {
            told = true;
            LOG.log(Level.WARNING, "A request to the view failed; further ones are not told", failure);
        }
    }

    /** Writes the answer to one that wants an answer, or tells the error number. */
    private int handle(int opcode, long node, ByteBuffer in) {
        return switch (opcode) {
            case LOOKUP -> lookup(node, name(in));
            case GETATTR -> attributes(node);
            case OPEN, OPENDIR -> open(node, in.getInt());
            case READ -> read(in.getLong(), in.getLong(), in.getInt());
            case READDIR -> list(node, in.getLong(), in.getLong(), in.getInt());
            case RELEASE, RELEASEDIR -> close(in.getLong());
            case STATFS -> sizes();
            case INIT -> init();
            case DESTROY -> 0;
            default -> ENOSYS;
        };
    }

    private void forgetMany(ByteBuffer in) {
        var count = in.getInt();
        in.getInt();
        for (var i = 0; i < count; i++) {
            nodes.forget(in.getLong(), in.getLong());
        }
    }

    private int init() {
        reply.put(MAJOR).put(MINOR).put(0).put(0).put((short) 0).put((short) 0).put(MOST_WRITTEN);
        // Time stamps to the nanosecond; of all else, nothing.
        reply.put(1).zeros(36);
        return 0;
    }

    private int lookup(long node, String name) {
        var place = nodes.place(node).map(parent -> parent.child(name));
        var item = place.flatMap(tree::at);
        if (place.isEmpty() || item.isEmpty()) {
            return ENOENT;
        }
        var number = nodes.tell(place.get());
        if (number.isEmpty()) {
            return ENFILE;
        }
        reply.put(number.getAsLong()).put(0L).put(0L).put(0L).put(0).put(0);
        describe(place.get(), item.get());
        return 0;
    }

    private int attributes(long node) {
        var place = nodes.place(node);
        var item = place.flatMap(tree::at);
        if (place.isEmpty() || item.isEmpty()) {
            return ENOENT;
        }
        reply.put(0L).put(0).put(0);
        describe(place.get(), item.get());
        return 0;
    }

    private void describe(Place place, Item item) {
        switch (item) {
            case Item.Folder folder -> reply.attributes(place, true, 0, folder.since(), owner);
            case Item.File file -> reply.attributes(place, false, file.text().get().length, file.since(), owner);
        }
    }

    private int open(long node, int flags) {
        if ((flags & ACCESS_MODE) != 0) {
            return EROFS;
        }
        var item = nodes.place(node).flatMap(tree::at);
        if (item.isEmpty()) {
            return ENOENT;
        }
        var content = switch (item.get()) {
            case Item.Folder folder -> new Opened.Names(folder.entries().get());
            case Item.File file -> new Opened.Text(file.text().get());
        };
        var number = opened.open(content);
        if (number.isEmpty()) {
            return ENFILE;
        }
        reply.put(number.getAsLong())
                .put(content instanceof Opened.Text ? DIRECT_IO : 0)
                .put(0);
        return 0;
    }

    private int read(long number, long offset, int size) {
        if (!(opened.find(number).orElse(null) instanceof Opened.Text(byte[] text)) || offset < 0 || size < 0) {
            return EBADF;
        }
        var from = (int) Math.min(offset, text.length);
        reply.put(text, from, Math.min(Math.min(size, reply.room()), text.length - from));
        return 0;
    }

    private int list(long node, long number, long offset, int size) {
        var place = nodes.place(node);
        if (place.isEmpty()
                || !(opened.find(number).orElse(null) instanceof Opened.Names(List<Item.Entry> names))
                || offset < 0
                || size < 0) {
            return EBADF;
        }
        var end = reply.length() + Math.min(size, reply.room());
        var all = names.size() + 2L;
        for (var i = offset; i < all; i++) {
            if (!entry(place.get(), names, (int) i, end)) {
                break;
            }
        }
        return 0;
    }

    /** The first two are the folder itself and the one above, which nobody needs to know the inode of. */
    private boolean entry(Place place, List<Item.Entry> names, int index, int end) {
        if (index < 2) {
            return reply.entry(place, (index == 0 ? "." : "..").getBytes(UTF_8), true, index + 1L, end);
        }
        var entry = names.get(index - 2);
        return reply.entry(place.child(entry.name()), entry.name().getBytes(UTF_8), entry.folder(), index + 1L, end);
    }

    private int close(long number) {
        opened.close(number);
        return 0;
    }

    private int sizes() {
        for (var i = 0; i < 5; i++) {
            reply.put(0L);
        }
        reply.put(512).put(LONGEST_NAME).put(512).zeros(28);
        return 0;
    }

    /** Up to the zero that ends it. */
    private static String name(ByteBuffer in) {
        var start = in.position();
        while (in.get() != 0) {
            // The kernel sends no name without its end; a buffer without one ends the loop.
        }
        return new String(in.array(), start, in.position() - start - 1, UTF_8);
    }
}
