package org.ham.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WeaverTest {
    private final List<String> said = new ArrayList<>();

    /** What is woven: branches, a loop, a handler, wide arguments, a lock. */
    public static final class Sample {
        private int calls;

        public Sample() {}

        public synchronized long sum(long from, int[] more, String word) {
            calls++;
            var sum = from;
            for (var each : more) {
                sum += word.isEmpty() ? 0 : each;
            }
            try {
                return sum / more.length;
            } catch (ArithmeticException e) {
                return calls;
            }
        }

        static String twice(String word) {
            return word + word;
        }

        void fails() {
            throw new IllegalStateException("on purpose");
        }
    }

    /** Code of an interface is called in another way. */
    interface Twofold {
        static int sum(int one) {
            return one + 1;
        }

        default int twice(int one) {
            return 2 * one;
        }
    }

    static final class Both implements Twofold {}

    /** Has the woven class as its own. */
    private static final class Loader extends ClassLoader {
        private final String name;

        Loader(String name) {
            super(WeaverTest.class.getClassLoader());
            this.name = name;
        }

        @Override
        protected Class<?> loadClass(String wanted, boolean resolve) throws ClassNotFoundException {
            return wanted.equals(name) ? define() : super.loadClass(wanted, resolve);
        }

        private Class<?> define() throws ClassNotFoundException {
            var internal = name.replace('.', '/');
            try (var in = WeaverTest.class.getClassLoader().getResourceAsStream(internal + ".class")) {
                var bytes = Weaver.weave(
                        internal, java.util.Objects.requireNonNull(in).readAllBytes(), Set.of("sum", "twice", "fails"));
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    @BeforeEach
    void listen() {
        BiConsumer<Object, Object> probe = (point, objects) -> said.add(point + " " + ((Object[]) objects).length);
        System.getProperties().put(Weaver.KEY, probe);
    }

    @AfterEach
    void listenNoMore() {
        System.getProperties().remove(Weaver.KEY);
    }

    @Test
    void whatIsWovenDoesTheSameAndTellsBeforeAndAfter() throws ReflectiveOperationException {
        var woven = new Loader(Sample.class.getName()).loadClass(Sample.class.getName());
        var sample = woven.getDeclaredConstructor().newInstance();
        var sum = woven.getMethod("sum", long.class, int[].class, String.class);
        assertThat(sum.invoke(sample, 5L, new int[] {1, 2}, "x")).isEqualTo(4L);
        assertThat(sum.invoke(sample, 5L, new int[0], "x")).isEqualTo(2L);
        var twice = woven.getDeclaredMethod("twice", String.class);
        twice.setAccessible(true);
        assertThat(twice.invoke(null, "ab")).isEqualTo("abab");
        assertThat(said)
                .containsExactly(
                        "WeaverTest.Sample.sum before 4",
                        "WeaverTest.Sample.sum after 4",
                        "WeaverTest.Sample.sum before 4",
                        "WeaverTest.Sample.sum after 4",
                        "WeaverTest.Sample.twice before 2",
                        "WeaverTest.Sample.twice after 2");
    }

    @Test
    void anInterfaceIsWovenToo() throws ReflectiveOperationException {
        var woven = new Loader(Twofold.class.getName()).loadClass(Twofold.class.getName());
        var sum = woven.getDeclaredMethod("sum", int.class);
        sum.setAccessible(true);
        assertThat(sum.invoke(null, 3)).isEqualTo(4);
        assertThat(said).containsExactly("WeaverTest.Twofold.sum before 2", "WeaverTest.Twofold.sum after 2");
        assertThat(new Both().twice(2)).isEqualTo(4);
    }

    @Test
    void aMethodThatThrowsIsNotPassed() throws ReflectiveOperationException {
        var woven = new Loader(Sample.class.getName()).loadClass(Sample.class.getName());
        var fails = woven.getDeclaredMethod("fails");
        fails.setAccessible(true);
        var sample = woven.getDeclaredConstructor().newInstance();
        assertThatThrownBy(() -> fails.invoke(sample))
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .hasMessage("on purpose");
        assertThat(said).containsExactly("WeaverTest.Sample.fails before 1");
    }
}
