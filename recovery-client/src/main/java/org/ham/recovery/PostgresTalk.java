package org.ham.recovery;

import java.nio.ByteBuffer;

/**
 * Ends of messages in PostgreSQL's protocol, version 3. Both directions of one connection belong together: how an answer ends depends on
 * what was asked.
 */
final class PostgresTalk {
    static final int SSL_REQUEST = 80_877_103;
    static final int GSS_REQUEST = 80_877_104;

    private static final int HEADER = 5;
    private static final int HEADER_OF_START = 8;

    private boolean started;
    private boolean encryptionAsked;
    private boolean asking;
    private int unanswered;

    Framing framing() {
        return new Framing(new Requests(), new Answers());
    }

    /** Goes over one message after the other: a header that is looked at and a body that is not. */
    private abstract static class Messages implements Boundary {
        private final ByteBuffer header = ByteBuffer.allocate(HEADER_OF_START);
        private long left;

        /** How long the next header is. */
        abstract int headerLength();

        /** How much of the message follows its header. */
        abstract long bodyLength(ByteBuffer header);

        /** The message is complete; whether all that belongs together ends with it. */
        abstract boolean completes(ByteBuffer header);

        boolean isBetween() {
            return header.position() == 0;
        }

        @Override
        public boolean ends(ByteBuffer bytes) {
            while (bytes.hasRemaining()) {
                if (header.position() < headerLength()) {
                    header.put(bytes.get());
                    left = header.position() < headerLength() ? left : Math.max(0, bodyLength(header));
                } else {
                    var some = (int) Math.min(left, bytes.remaining());
                    bytes.position(bytes.position() + some);
                    left -= some;
                }
                if (header.position() == headerLength() && left == 0 && isCompleted()) {
                    return true;
                }
            }
            return false;
        }

        private boolean isCompleted() {
            var ends = completes(header);
            header.clear();
            return ends;
        }
    }

    private final class Requests extends Messages {
        @Override
        public boolean ends(ByteBuffer bytes) {
            asking |= bytes.hasRemaining();
            var ends = super.ends(bytes);
            asking &= !ends;
            unanswered += ends ? 1 : 0;
            return ends;
        }

        @Override
        int headerLength() {
            return started ? HEADER : HEADER_OF_START;
        }

        @Override
        long bodyLength(ByteBuffer header) {
            return started ? header.getInt(1) - 4L : header.getInt(0) - (long) HEADER_OF_START;
        }

        @Override
        boolean completes(ByteBuffer header) {
            if (!started) {
                var code = header.getInt(4);
                encryptionAsked = code == SSL_REQUEST || code == GSS_REQUEST;
                started = !encryptionAsked;
                return true;
            }
            return switch ((char) header.get(0)) {
                // Query, sync, function call, terminate, and a password, which nobody can say again.
                case 'Q', 'S', 'F', 'X', 'p' -> true;
                default -> false;
            };
        }
    }

    private final class Answers extends Messages {
        private Standing standing = Standing.FREE;
        private boolean aside;

        @Override
        int headerLength() {
            return encryptionAsked ? 1 : HEADER;
        }

        @Override
        long bodyLength(ByteBuffer header) {
            if (encryptionAsked) {
                return 0;
            }
            return header.getInt(1) - 4L;
        }

        @Override
        public boolean ends(ByteBuffer bytes) {
            // A setting that was changed from elsewhere, the last words of a server that is shut down.
            aside = isBetween() ? unanswered == 0 && !asking : aside;
            var start = bytes.position();
            var ends = super.ends(bytes);
            if (!ends || aside) {
                return ends;
            }
            if (!encryptionAsked && bytes.position() > start) {
                standing = after(bytes.get(bytes.position() - 1));
            }
            encryptionAsked = false;
            unanswered = Math.max(0, unanswered - 1);
            return true;
        }

        @Override
        public boolean isAside() {
            return aside;
        }

        /** The last byte of a message that says that the server is ready: the state of the transaction. */
        private Standing after(byte state) {
            if (standing == Standing.OVER) {
                return standing;
            }
            return state == 'I' ? Standing.FREE : Standing.HELD;
        }

        @Override
        boolean completes(ByteBuffer header) {
            var type = (char) header.get(0);
            if (encryptionAsked) {
                // What follows is encrypted, and not for us to read.
                standing = type == 'N' ? standing : Standing.OVER;
                return true;
            }
            // Copying has other rules.
            standing = type == 'G' || type == 'W' ? Standing.OVER : standing;
            return aside || type == 'Z';
        }

        @Override
        public Standing standing() {
            return standing;
        }
    }
}
