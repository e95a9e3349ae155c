package org.ham.view;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.ham.api.EntityView;
import org.ham.api.Status;
import org.ham.api.Tree;
import org.ham.linux.FuseMount;
import org.ham.linux.FuseMounts;
import org.ham.linux.LinuxException;
import org.ham.spi.Supervisor;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Shows the tree as files while this process is the HAM. One thread of its own mounts and answers; it only reads snapshots of
 * the state, so whatever its readers do, supervision does not notice. Whoever comes after a HAM that died finds its dead view
 * and takes it away. Thread-safe.
 */
@Component(
        service = {},
        immediate = true)
public final class View {
    private static final Logger LOG = System.getLogger(View.class.getName());
    private static final String INSTEAD = "; 'ham info' tells the same";

    private final FuseMounts mounts;
    private final Settings settings;
    private final Limits limits;
    private final TreeFiles tree;
    private final @Nullable Thread thread;
    private @Nullable FuseMount mounted;
    private boolean closed;

    /** Made by Declarative Services. */
    @Activate
    public View(@Reference Supervisor ham, @Reference FuseMounts mounts, BundleContext context) {
        this(shown(ham), mounts, Settings.from(context::getProperty, System.getenv()), Limits.USUAL);
    }

    View(Shown ham, FuseMounts mounts, Settings settings, Limits limits) {
        this.mounts = mounts;
        this.settings = settings;
        this.limits = limits;
        tree = new TreeFiles(ham, settings.runDir());
        thread = settings.mount()
                .map(place -> Thread.ofPlatform().daemon().name("ham-view").start(() -> show(place)))
                .orElse(null);
    }

    private static Shown shown(Supervisor ham) {
        return new Shown() {
            @Override
            public Status status() {
                return ham.status();
            }

            @Override
            public Tree tree() {
                return ham.tree();
            }

            @Override
            public Optional<EntityView> entity(String name) {
                return ham.entity(name);
            }
        };
    }

    // Without its view a HAM still supervises: what goes wrong here is told and no more.
    private void show(Path place) {
        try (var mount = mount(place)) {
            if (keep(mount)) {
                LOG.log(Level.INFO, "The tree can be read as files under {0}", place);
                serve(mount);
                if (!closed()) {
                    LOG.log(Level.INFO, "The view under {0} was unmounted by somebody else{1}", place, INSTEAD);
                }
            }
        } catch (LinuxException | IOException e) {
            if (!closed()) {
                LOG.log(
                        settings.asked() ? Level.WARNING : Level.INFO,
                        "No view under " + place + ": " + e.getMessage() + INSTEAD);
            }
        }
    }

    private FuseMount mount(Path place) throws IOException {
        // First, as a dead one is in the way of everything else.
        mounts.detach(place);
        if (!Files.isDirectory(place)) {
            Files.createDirectories(
                    place, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return mounts.mount(place);
    }

    private void serve(FuseMount mount) {
        var answers = new Answers(tree, Owner.self(), limits);
        var request = new byte[limits.requestBytes()];
        for (var length = mount.read(request); length >= 0; length = mount.read(request)) {
            var reply = answers.answer(request, length);
            if (reply > 0) {
                mount.write(answers.reply(), reply);
            }
        }
    }

    private synchronized boolean keep(FuseMount mount) {
        mounted = mount;
        return !closed;
    }

    private synchronized boolean closed() {
        return closed;
    }

    private synchronized @Nullable FuseMount end() {
        closed = true;
        return mounted;
    }

    /** Takes the view away. */
    @Deactivate
    void close() {
        var mount = end();
        try {
            if (mount != null) {
                mount.close();
            }
            var serving = thread;
            if (serving != null && !serving.join(limits.leave())) {
                LOG.log(Level.WARNING, "The view''s thread does not end");
            }
        } catch (LinuxException e) {
            LOG.log(Level.WARNING, "The view stays: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
