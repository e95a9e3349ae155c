package org.ham.recovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file whose connection is opened again as soon as something was changed, before whoever changed it has heard of that. */
class Overtaken extends FileChannel {
    private final FileChannel below;
    private final Connection<FileChannel> connection;

    Overtaken(FileChannel below, Connection<FileChannel> connection) {
        this.below = below;
        this.connection = connection;
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        return below.read(to);
    }

    @Override
    public long read(ByteBuffer[] to, int offset, int length) throws IOException {
        return below.read(to, offset, length);
    }

    @Override
    public int read(ByteBuffer to, long at) throws IOException {
        return below.read(to, at);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return below.write(from);
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        return below.write(from, offset, length);
    }

    @Override
    public int write(ByteBuffer from, long at) throws IOException {
        var count = below.write(from, at);
        changed();
        return count;
    }

    void changed() throws IOException {
        connection.reopen();
    }

    @Override
    public long position() throws IOException {
        return below.position();
    }

    @Override
    public FileChannel position(long to) throws IOException {
        below.position(to);
        return this;
    }

    @Override
    public long size() throws IOException {
        return below.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        below.truncate(size);
        changed();
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        below.force(metaData);
    }

    @Override
    public long transferTo(long at, long most, WritableByteChannel target) throws IOException {
        return below.transferTo(at, most, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long most) throws IOException {
        return below.transferFrom(source, at, most);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long at, long size) throws IOException {
        return below.map(mode, at, size);
    }

    @Override
    public FileLock lock(long at, long size, boolean shared) throws IOException {
        return below.lock(at, size, shared);
    }

    @Override
    public FileLock tryLock(long at, long size, boolean shared) throws IOException {
        return below.tryLock(at, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        below.close();
    }
}
