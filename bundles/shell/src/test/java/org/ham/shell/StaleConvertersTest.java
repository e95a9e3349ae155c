package org.ham.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StaleConvertersTest {
    private final Gogo gogo = new Gogo();

    /** Shows what it has. */
    private static final class Gogo extends CommandProcessorImpl {
        Gogo() {
            super(null);
        }

        List<Converter> all() {
            return List.copyOf(converters);
        }
    }

    private static final class Plain implements Converter {
        @Override
        public @Nullable Object convert(Class<?> desired, Object in) {
            return null;
        }

        @Override
        public @Nullable CharSequence format(Object target, int level, Converter escape) {
            return null;
        }
    }

    /** As that of the component runtime: equals nothing. */
    private static Converter proxy() {
        return (Converter) Proxy.newProxyInstance(
                Converter.class.getClassLoader(),
                new Class<?>[] {Converter.class},
                (proxy, method, arguments) -> method.getName().equals("equals") ? false : null);
    }

    @Test
    void proxiesThatAreNoServicesAreForgottenAndNothingElse() {
        var gone = List.of(proxy(), proxy());
        var service = proxy();
        var plain = new Plain();
        gone.forEach(gogo::addConverter);
        gogo.addConverter(service);
        gogo.addConverter(plain);
        gone.forEach(gogo::removeConverter);
        assertThat(gogo.all()).as("what Gogo can do itself").hasSize(4);
        StaleConverters.forget(gogo, converter -> converter == service);
        assertThat(gogo.all()).hasSize(2);
        assertThat(gogo.all().getFirst()).isSameAs(service);
        assertThat(gogo.all().getLast()).isSameAs(plain);
    }
}
