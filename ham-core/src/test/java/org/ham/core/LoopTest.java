package org.ham.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.ham.spi.Host;
import org.ham.spi.LoopTask;
import org.junit.jupiter.api.Test;

class LoopTest {
    private final CountDownLatch turning = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicInteger ended = new AtomicInteger();
    private final Loop loop = new Loop(host(), 10);

    /** The loop is told to wake up once it is closed. */
    private Host host() {
        return (Host)
                Proxy.newProxyInstance(Host.class.getClassLoader(), new Class<?>[] {Host.class}, (_, method, _) -> {
                    if (method.getName().equals("wake") && closing.get()) {
                        goOn.countDown();
                    }
                    return method.getReturnType() == long.class ? (Object) 0L : null;
                });
    }

    /** Its first turn lasts until the loop is closed. */
    private final class Stuck implements Role {
        @Override
        public void turn() {
            turning.countDown();
            try {
                goOn.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public long nextTurn() {
            return Long.MAX_VALUE;
        }

        @Override
        public void close() {}
    }

    @Test
    void aTaskThatWasTakenOutOfALoopThatIsStuckEndsOnceAndWithItAtTheLatest() throws Exception {
        var task = new LoopTask() {
            @Override
            public long turned(long seq, long nowNanos) {
                return Long.MAX_VALUE;
            }

            @Override
            public void ended() {
                ended.incrementAndGet();
            }
        };
        loop.add(task);
        loop.start(Stuck::new);
        turning.await();
        loop.remove(task);
        assertThat(ended).hasValue(0);
        closing.set(true);
        loop.close();
        assertThat(ended).hasValue(1);
    }

    @Test
    void whatIsAskedOfALoopThatHasEndedIsRefused() {
        loop.start(() -> new Stuck());
        closing.set(true);
        loop.close();
        assertThatThrownBy(() -> loop.control(() -> {}).join())
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("the core is being stopped");
    }
}
