package org.ham.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A socket that comes back when its peer is restarted, as its policy says; apart from that what it covers. Thread-safe. */
final class RecoveringSocket extends Socket {
    private final CoveredSocket covered;

    RecoveringSocket(CoveredSocket covered) throws SocketException {
        super((java.net.SocketImpl) null);
        this.covered = covered;
    }

    CoveredSocket covered() {
        return covered;
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
        connect(endpoint, 0);
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
        covered.connect(endpoint, timeout);
    }

    @Override
    public void bind(SocketAddress local) throws IOException {
        covered.bind(local);
    }

    @Override
    public InetAddress getInetAddress() {
        return covered.now().getInetAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
        return covered.now().getLocalAddress();
    }

    @Override
    public int getPort() {
        return covered.now().getPort();
    }

    @Override
    public int getLocalPort() {
        return covered.now().getLocalPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return covered.now().getRemoteSocketAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return covered.now().getLocalSocketAddress();
    }

    /** None: a channel would go past the cover. */
    @Override
    public @Nullable SocketChannel getChannel() {
        return null;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return covered.input();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return covered.output();
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        covered.set("no delay", socket -> socket.setTcpNoDelay(on));
    }

    @Override
    public boolean getTcpNoDelay() throws SocketException {
        return covered.ask(Socket::getTcpNoDelay);
    }

    @Override
    public void setSoLinger(boolean on, int linger) throws SocketException {
        covered.set("linger", socket -> socket.setSoLinger(on, linger));
    }

    @Override
    public int getSoLinger() throws SocketException {
        return covered.ask(Socket::getSoLinger);
    }

    /** Over the present connection, and never again. */
    @Override
    public void sendUrgentData(int data) throws IOException {
        covered.settled().sendUrgentData(data);
    }

    @Override
    public void setOOBInline(boolean on) throws SocketException {
        covered.set("urgent data inline", socket -> socket.setOOBInline(on));
    }

    @Override
    public boolean getOOBInline() throws SocketException {
        return covered.ask(Socket::getOOBInline);
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        covered.readTimeout(timeout);
    }

    @Override
    public int getSoTimeout() throws SocketException {
        return covered.readTimeout();
    }

    @Override
    public void setSendBufferSize(int size) throws SocketException {
        covered.set("send buffer", socket -> socket.setSendBufferSize(size));
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return covered.ask(Socket::getSendBufferSize);
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        covered.set("receive buffer", socket -> socket.setReceiveBufferSize(size));
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return covered.ask(Socket::getReceiveBufferSize);
    }

    @Override
    public void setKeepAlive(boolean on) throws SocketException {
        covered.set("keep alive", socket -> socket.setKeepAlive(on));
    }

    @Override
    public boolean getKeepAlive() throws SocketException {
        return covered.ask(Socket::getKeepAlive);
    }

    @Override
    public void setTrafficClass(int tc) throws SocketException {
        covered.set("traffic class", socket -> socket.setTrafficClass(tc));
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return covered.ask(Socket::getTrafficClass);
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        covered.set("reuse address", socket -> socket.setReuseAddress(on));
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return covered.ask(Socket::getReuseAddress);
    }

    @Override
    public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
        covered.now().setPerformancePreferences(connectionTime, latency, bandwidth);
    }

    @Override
    public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
        covered.set(name, socket -> socket.setOption(name, value));
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return covered.ask(socket -> socket.getOption(name));
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return covered.now().supportedOptions();
    }

    /** Ends the reading side; what is lost afterwards is not recovered. */
    @Override
    public void shutdownInput() throws IOException {
        covered.halfClose(Socket::shutdownInput);
    }

    /** Ends the writing side; what is lost afterwards is not recovered. */
    @Override
    public void shutdownOutput() throws IOException {
        covered.halfClose(Socket::shutdownOutput);
    }

    @Override
    public boolean isInputShutdown() {
        return covered.now().isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return covered.now().isOutputShutdown();
    }

    @Override
    public boolean isConnected() {
        return covered.isConnected();
    }

    @Override
    public boolean isBound() {
        return covered.now().isBound();
    }

    @Override
    public boolean isClosed() {
        return covered.isClosed();
    }

    @Override
    public void close() throws IOException {
        covered.close();
    }

    @Override
    public String toString() {
        return covered.now().toString();
    }
}
