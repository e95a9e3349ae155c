package org.ham.recovery;

/**
 * What a covered socket does after a recovery. A stream has no messages, so the program says where one ends, by
 * {@link RecoveringSocketChannel#settle()}: what was written before has arrived as far as the program is concerned. A message of
 * which a part was written before the loss is never continued and never repeated, whatever stands here.
 */
public enum StreamReplay {
    /**
     * The operation that meets the loss fails, on a connection that is back; the next one goes on there. A write of which nothing has
     * left is the exception: it is sent again, for it certainly did not happen. With this the end of the stream is an end, as without
     * the library.
     */
    STOP,
    /**
     * A read goes on with what the recovered connection delivers, for the recovery function has rebuilt the position there. The
     * end of the stream counts as a loss too.
     */
    GO_ON
}
