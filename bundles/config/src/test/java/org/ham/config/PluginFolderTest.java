package org.ham.config;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;

/** The thread here waits as the installer of plug-ins does. */
@Timeout(60)
class PluginFolderTest {
    @TempDir
    Path plugins;

    private final Semaphore looks = new Semaphore(0);
    private final CountDownLatch begun = new CountDownLatch(1);
    private final Thread installer =
            Thread.ofPlatform().name("fileinstall-test").daemon().unstarted(this::look);

    private void look() {
        var self = Thread.currentThread();
        synchronized (self) {
            begun.countDown();
            try {
                while (true) {
                    self.wait();
                    looks.release();
                }
            } catch (InterruptedException e) {
                self.interrupt();
            }
        }
    }

    private BundleContext context() {
        return (BundleContext) Proxy.newProxyInstance(
                BundleContext.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (_, _, arguments) -> arguments[0].equals("felix.fileinstall.dir") ? plugins.toString() : null);
    }

    @Test
    void theInstallerLooksTwiceAtLeastAfterAChange() throws Exception {
        installer.start();
        begun.await();
        var folder = new PluginFolder(context());
        try {
            // Once at the start, as something may have come before.
            looks.acquire(2);
            Files.writeString(plugins.resolve("a.jar"), "a");
            looks.acquire(4);
        } finally {
            folder.stop();
            installer.interrupt();
        }
    }
}
