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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import javax.net.ssl.HandshakeCompletedEvent;
import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A TLS socket that comes back when its peer is restarted, with a new handshake, as its policy says; apart from that what it covers.
 * Thread-safe.
 */
final class RecoveringSSLSocket extends SSLSocket {
    private final CoveredSocket covered;
    private final Map<HandshakeCompletedListener, HandshakeCompletedListener> listeners = new ConcurrentHashMap<>();

    RecoveringSSLSocket(CoveredSocket covered) {
        this.covered = covered;
    }

    CoveredSocket covered() {
        return covered;
    }

    private SSLSocket tls() {
        return (SSLSocket) covered.now();
    }

    /** What its methods for TLS set has no checked exception. */
    private void setTls(String kind, Setting setting) {
        var socket = tls();
        setting.on(socket);
        remember(kind, setting);
        if (tls() != socket) {
            setting.on(tls());
        }
    }

    private interface Setting {
        void on(SSLSocket socket);
    }

    /** What is to lie on a plain socket is set up twice: that one first, and then TLS, which alone has such settings. */
    private void remember(Object kind, Setting setting) {
        covered.remember(kind, later -> {
            if (later instanceof SSLSocket tls) {
                setting.on(tls);
            }
        });
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return tls().getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return tls().getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        setTls("cipher suites", socket -> socket.setEnabledCipherSuites(suites));
    }

    @Override
    public String[] getSupportedProtocols() {
        return tls().getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return tls().getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        setTls("protocols", socket -> socket.setEnabledProtocols(protocols));
    }

    @Override
    public SSLSession getSession() {
        return tls().getSession();
    }

    @Override
    public @Nullable SSLSession getHandshakeSession() {
        return tls().getHandshakeSession();
    }

    /** The event names this socket, and there is one for each handshake. */
    @Override
    public void addHandshakeCompletedListener(HandshakeCompletedListener listener) {
        requireListener(listener);
        HandshakeCompletedListener told =
                event -> listener.handshakeCompleted(new HandshakeCompletedEvent(this, event.getSession()));
        tls().addHandshakeCompletedListener(told);
        listeners.put(listener, told);
        remember(told, later -> later.addHandshakeCompletedListener(told));
    }

    @Override
    public void removeHandshakeCompletedListener(HandshakeCompletedListener listener) {
        requireListener(listener);
        var told = listeners.remove(listener);
        if (told == null) {
            // It says itself what is wrong with that.
            tls().removeHandshakeCompletedListener(listener);
            return;
        }
        tls().removeHandshakeCompletedListener(told);
        covered.forget(told);
    }

    private static void requireListener(@Nullable HandshakeCompletedListener listener) {
        if (listener == null) {
            throw new IllegalArgumentException("listener is null");
        }
    }

    @Override
    public void startHandshake() throws IOException {
        covered.handshake();
    }

    @Override
    public void setUseClientMode(boolean mode) {
        setTls("client mode", socket -> socket.setUseClientMode(mode));
    }

    @Override
    public boolean getUseClientMode() {
        return tls().getUseClientMode();
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        setTls("need client authentication", socket -> socket.setNeedClientAuth(need));
    }

    @Override
    public boolean getNeedClientAuth() {
        return tls().getNeedClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        setTls("want client authentication", socket -> socket.setWantClientAuth(want));
    }

    @Override
    public boolean getWantClientAuth() {
        return tls().getWantClientAuth();
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        setTls("session creation", socket -> socket.setEnableSessionCreation(flag));
    }

    @Override
    public boolean getEnableSessionCreation() {
        return tls().getEnableSessionCreation();
    }

    @Override
    public SSLParameters getSSLParameters() {
        return tls().getSSLParameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        setTls("parameters", socket -> socket.setSSLParameters(parameters));
    }

    @Override
    public @Nullable String getApplicationProtocol() {
        return tls().getApplicationProtocol();
    }

    @Override
    public @Nullable String getHandshakeApplicationProtocol() {
        return tls().getHandshakeApplicationProtocol();
    }

    @Override
    public void setHandshakeApplicationProtocolSelector(BiFunction<SSLSocket, List<String>, String> selector) {
        setTls("protocol selector", socket -> socket.setHandshakeApplicationProtocolSelector(selector));
    }

    @Override
    public @Nullable BiFunction<SSLSocket, List<String>, String> getHandshakeApplicationProtocolSelector() {
        return tls().getHandshakeApplicationProtocolSelector();
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
