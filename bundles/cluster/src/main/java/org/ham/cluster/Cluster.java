package org.ham.cluster;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.ham.api.HamException;
import org.ham.api.Pulse;
import org.ham.linux.Peer;
import org.ham.linux.UnixSockets;
import org.ham.spi.Nodes;
import org.ham.spi.Primary;
import org.ham.spi.RunDirs;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The ways to and from other nodes, while this process is the HAM. Without any node in the configuration it opens nothing. */
@Component(service = Nodes.class, immediate = true)
public final class Cluster implements Nodes {
    /** The folder in the run-dir. */
    static final String FOLDER = "nodes";

    private static final Logger LOG = System.getLogger(Cluster.class.getName());

    private final Clock clock = new Clock();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Nodes calls;

    /**
     * Made by Declarative Services; the first reference is there while this process is the HAM, and comes after the core was told so:
     * credentials take longer to read than a takeover takes.
     */
    @Activate
    public Cluster(
            @Reference(target = "(" + Primary.LED + "=true)") Primary role,
            @Reference UnixSockets sockets,
            BundleContext context) {
        this(
                Settings.from(context::getProperty),
                RunDirs.of(context::getProperty, System.getenv()),
                sockets,
                Limits.USUAL);
    }

    Cluster(Settings settings, Path runDir, UnixSockets sockets, Limits limits) {
        var folder = runDir.resolve(FOLDER);
        calls = new NodeCalls(settings.addresses().keySet(), folder, sockets, limits, clock);
        settings.files().ifPresent(files -> open(settings, files, folder, sockets, limits));
    }

    private void open(Settings settings, Settings.Files files, Path folder, UnixSockets sockets, Limits limits) {
        var credentials = new Credentials(files);
        try {
            credentials.context();
        } catch (HamException e) {
            LOG.log(Level.ERROR, "No node can be reached: " + e.getMessage() + "; tried again with each connection");
        }
        makeFolder(folder);
        var parts = new Outbound.Parts(
                sockets, new Handshake(settings, credentials, limits, clock), limits, clock, Peer.ownUid());
        settings.addresses().forEach((node, address) -> open.add(new Outbound(node, address, folder, parts)));
        settings.listen()
                .ifPresent(address ->
                        open.add(new Inbound(settings, address, folder, folder.resolveSibling("control.sock"), parts)));
    }

    private static void makeFolder(Path folder) {
        try {
            var mode = PosixFilePermissions.fromString("rwx------");
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(mode));
            Files.setPosixFilePermissions(folder, mode);
        } catch (IOException e) {
            LOG.log(Level.ERROR, "The folder " + folder + " for nodes cannot be made: " + e);
        }
    }

    @Override
    public void pulse(String node, long pid, int channel, Pulse pulse) throws InterruptedException {
        calls.pulse(node, pid, channel, pulse);
    }

    @Override
    public void signal(String node, long pid, Signal signal, String request) throws InterruptedException {
        calls.signal(node, pid, signal, request);
    }

    @Deactivate
    void close() {
        for (var one : open) {
            try {
                one.close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "A way to other nodes does not close", e);
            }
        }
        clock.close();
    }
}
