package org.ham.view;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What is open: as it was when it was opened, however long it is read. Confined to one thread. */
final class Opened {
    private final int most;
    private final long mostBytes;
    private final Map<Long, Content> contents = new HashMap<>();
    private long bytes;
    private long last;

    /** What an open file or folder has in it. */
    sealed interface Content {
        /** About how much memory it holds. */
        long bytes();
    }

    /** A file's. */
    record Text(byte[] text) implements Content {
        @Override
        public long bytes() {
            return text.length;
        }
    }

    /** A folder's; the names themselves are the tree's. */
    record Names(List<Item.Entry> entries) implements Content {
        @Override
        public long bytes() {
            return 32L * entries.size();
        }
    }

    Opened(int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    /** Keeps it until it is closed, and tells its number; empty when too much is open. */
    OptionalLong open(Content content) {
        if (contents.size() >= most || bytes + content.bytes() > mostBytes) {
            return OptionalLong.empty();
        }
        contents.put(++last, content);
        bytes += content.bytes();
        return OptionalLong.of(last);
    }

    Optional<Content> find(long number) {
        return Optional.ofNullable(contents.get(number));
    }

    void close(long number) {
        var content = contents.remove(number);
        if (content != null) {
            bytes -= content.bytes();
        }
    }

    int size() {
        return contents.size();
    }
}
