package org.ham.linux;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Opens the operating system and offers its parts as services. Thread-safe. */
@Component(
        immediate = true,
        service = {
            Processes.class,
            Signals.class,
            Reactor.class,
            DirectoryWatch.class,
            UnixSockets.class,
            FuseMounts.class,
            RobustFutexes.class,
            Urgency.class,
            Clocks.class
        })
public final class LinuxServices
        implements Processes,
                Signals,
                Reactor,
                DirectoryWatch,
                UnixSockets,
                FuseMounts,
                RobustFutexes,
                Urgency,
                Clocks {
    /** The framework property that leaves all threads as they are when it is {@code usual}. */
    private static final String PRIORITY = "ham.priority";

    private static final Duration WARM_UP_DEADLINE = Duration.ofSeconds(5);

    private final Linux linux;
    private final Thread warmUp;

    /** Called by Declarative Services. */
    @Activate
    public LinuxServices(BundleContext context) {
        linux = "usual".equals(context.getProperty(PRIORITY)) ? Linux.openUnhurried() : Linux.open();
        System.Logger log = System.getLogger(LinuxServices.class.getName());
        linux.limitations().forEach(limitation -> log.log(Level.INFO, limitation));
        warmUp = Thread.ofPlatform().name("ham-linux-warm-up").daemon().start(() -> warmUp(log));
    }

    private void warmUp(System.Logger log) {
        try {
            linux.warmUp();
        } catch (LinuxException e) {
            log.log(Level.INFO, "The first recovery will be slower than the others: " + e.getMessage());
        }
    }

    @Deactivate
    void close() throws InterruptedException {
        warmUp.join(WARM_UP_DEADLINE);
        linux.close();
    }

    @Override
    public void check(Spawn spawn) {
        linux.processes().check(spawn);
    }

    @Override
    public ProcessRef spawn(Spawn spawn) {
        return linux.processes().spawn(spawn);
    }

    @Override
    public ProcessRef self() {
        return linux.processes().self();
    }

    @Override
    public ProcessRef identify(long pid) {
        return linux.processes().identify(pid);
    }

    @Override
    public Optional<ProcessRef> findByEnvironment(Map<String, String> variables) {
        return linux.processes().findByEnvironment(variables);
    }

    @Override
    public boolean isAlive(ProcessRef process) {
        return linux.processes().isAlive(process);
    }

    @Override
    public void watch(ProcessRef process, Consumer<ExitStatus> listener) {
        linux.processes().watch(process, listener);
    }

    @Override
    public void unwatch(ProcessRef process) {
        linux.processes().unwatch(process);
    }

    @Override
    public int watched() {
        return linux.processes().watched();
    }

    @Override
    public void send(ProcessRef process, int signal) {
        linux.signals().send(process, signal);
    }

    @Override
    public void send(ProcessRef process, int signal, int value) {
        linux.signals().send(process, signal, value);
    }

    @Override
    public void sendToGroup(ProcessRef leader, int signal) {
        linux.signals().sendToGroup(leader, signal);
    }

    @Override
    public void await(long nanos) {
        linux.reactor().await(nanos);
    }

    @Override
    public void wake() {
        linux.reactor().wake();
    }

    @Override
    public AutoCloseable onReadable(int fd, Runnable callback) {
        return linux.reactor().onReadable(fd, callback);
    }

    @Override
    public AutoCloseable watch(Path directory, Runnable changed) {
        return linux.directories().watch(directory, changed);
    }

    @Override
    public UnixListener listen(Path path, int mode) {
        return linux.sockets().listen(path, mode);
    }

    @Override
    public UnixConnection connect(Path path) {
        return linux.sockets().connect(path);
    }

    @Override
    public UnixDatagramSocket bind(Path path, int mode, int receiveBuffer) {
        return linux.sockets().bind(path, mode, receiveBuffer);
    }

    @Override
    public UnixListener adoptListener(int fd, Path path) {
        return linux.sockets().adoptListener(fd, path);
    }

    @Override
    public UnixDatagramSocket adoptDatagramSocket(int fd, Path path) {
        return linux.sockets().adoptDatagramSocket(fd, path);
    }

    @Override
    public FuseMount mount(Path directory) {
        return linux.mounts().mount(directory);
    }

    @Override
    public boolean isMounted(Path directory) {
        return linux.mounts().isMounted(directory);
    }

    @Override
    public void detach(Path directory) {
        linux.mounts().detach(directory);
    }

    @Override
    public boolean raiseThisThread() {
        return linux.urgency().raiseThisThread();
    }

    @Override
    public AutoCloseable hold(SharedPage page, long offset) {
        return linux.futexes().hold(page, offset);
    }

    @Override
    public Hold holdOnThisThread(SharedPage page, long offset) {
        return linux.futexes().holdOnThisThread(page, offset);
    }

    @Override
    public Optional<Hold> claimOnThisThread(SharedPage page, long offset) {
        return linux.futexes().claimOnThisThread(page, offset);
    }

    @Override
    public boolean reserve(SharedPage page, long offset) {
        return linux.futexes().reserve(page, offset);
    }

    @Override
    public void seize(SharedPage page, long offset) {
        linux.futexes().seize(page, offset);
    }

    @Override
    public void release(SharedPage page, long offset) {
        linux.futexes().release(page, offset);
    }

    @Override
    public AutoCloseable onHolderDeath(SharedPage page, long offset, Runnable callback) {
        return linux.futexes().onHolderDeath(page, offset, callback);
    }

    @Override
    public long monotonic() {
        return linux.clocks().monotonic();
    }

    @Override
    public long boottime() {
        return linux.clocks().boottime();
    }

    @Override
    public Instant now() {
        return linux.clocks().now();
    }
}
