package org.ham.detector.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.startlevel.BundleStartLevel;

class ReplacementsTest {
    private static final long SECOND = 1_000_000_000;

    private long now = 100 * SECOND;
    private int over;
    private boolean meantToRun = true;
    private @Nullable ServiceReference<?> relay = fake(ServiceReference.class, "getBundle", this::detector);

    /** What a test does not say is null, false or 0. */
    private static <T> T fake(Class<T> type, String method, Supplier<@Nullable Object> answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, called, _) -> {
            if (called.getName().equals(method)) {
                return answer.get();
            }
            if (called.getName().equals("getBundles")) {
                return new Bundle[0];
            }
            return called.getReturnType() == boolean.class ? (Object) false : null;
        }));
    }

    private Bundle detector() {
        return fake(
                Bundle.class, "adapt", () -> fake(BundleStartLevel.class, "isPersistentlyStarted", () -> meantToRun));
    }

    private Replacements begun() {
        var replacements = new Replacements(fake(BundleContext.class, "getServiceReference", () -> relay), () -> now);
        replacements.whenOver(() -> over++);
        return replacements;
    }

    private ServiceEvent event(int type) {
        return new ServiceEvent(type, fake(ServiceReference.class, "getBundle", this::detector));
    }

    @Test
    void nothingIsAwayAsLongAsAllIsThere() {
        assertThat(begun().underWay()).isFalse();
    }

    @Test
    void whoTakesInBeatsIsAwayUntilItIsBack() {
        var replacements = begun();
        replacements.serviceChanged(event(ServiceEvent.UNREGISTERING));
        now += 29 * SECOND;
        assertThat(replacements.underWay()).isTrue();
        replacements.serviceChanged(event(ServiceEvent.REGISTERED));
        assertThat(replacements.underWay()).isFalse();
        assertThat(over).isOne();
    }

    @Test
    void whoDoesNotComeBackIsNotWaitedForLonger() {
        var replacements = begun();
        replacements.serviceChanged(event(ServiceEvent.UNREGISTERING));
        now += 31 * SECOND;
        assertThat(replacements.underWay()).isFalse();
    }

    @Test
    void whoWasStoppedForGoodIsNotAway() {
        var replacements = begun();
        meantToRun = false;
        replacements.serviceChanged(event(ServiceEvent.UNREGISTERING));
        assertThat(replacements.underWay()).isFalse();
    }

    @Test
    void whoComesAfterTheDetectorIsWaitedForAWhile() {
        relay = null;
        var replacements = begun();
        assertThat(replacements.underWay()).isTrue();
        replacements.serviceChanged(event(ServiceEvent.REGISTERED));
        assertThat(replacements.underWay()).isFalse();
        assertThat(over).isOne();
        var alone = begun();
        now += 6 * SECOND;
        assertThat(alone.underWay()).isFalse();
    }
}
