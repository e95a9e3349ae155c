package org.ham.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/**
 * What one process sent at once, and who did. It owns the descriptors that came with it until they are taken; closing it
 * closes those that were not. Confined to one thread.
 */
public final class Datagram implements AutoCloseable {
    private final byte[] bytes;
    private final boolean cut;
    private final Peer sender;
    private List<PassedDescriptor> descriptors;
    private final boolean lostDescriptors;

    /**
     * A datagram.
     *
     * @param bytes what was sent
     * @param cut whether more was sent than is taken in
     * @param sender who sent it
     * @param descriptors the descriptors that came with it
     * @param lostDescriptors whether more came and were closed
     */
    public Datagram(
            byte[] bytes, boolean cut, Peer sender, List<PassedDescriptor> descriptors, boolean lostDescriptors) {
        this.bytes = bytes.clone();
        this.cut = cut;
        this.sender = sender;
        this.descriptors = List.copyOf(descriptors);
        this.lostDescriptors = lostDescriptors;
    }

    /** What was sent, at most {@link UnixDatagramSocket#MOST_BYTES}. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The same as text; what is no UTF-8 becomes the replacement character. */
    public String text() {
        return new String(bytes, UTF_8);
    }

    /** Whether more was sent than is taken in: what is here is only the beginning. */
    public boolean isCut() {
        return cut;
    }

    /** Who sent it, by the credentials the kernel attached: a process can send only its own, root's can send any. */
    public Peer sender() {
        return sender;
    }

    /** The descriptors that came with it, now the caller's to close; empty the second time. */
    public List<PassedDescriptor> takeDescriptors() {
        List<PassedDescriptor> taken = descriptors;
        descriptors = List.of();
        return taken;
    }

    /** Whether descriptors were sent that did not get here: more than the limit, or than this process may open. */
    public boolean hasLostDescriptors() {
        return lostDescriptors;
    }

    /** Closes the descriptors that were not taken. */
    @Override
    public void close() {
        takeDescriptors().forEach(PassedDescriptor::close);
    }
}
