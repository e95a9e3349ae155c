package org.ham.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.ham.api.NodeInfo;
import org.junit.jupiter.api.Test;

/** The protocol, byte for byte, without a kernel. */
class AnswersTest {
    private final Scene ham = new Scene();
    private final Kernel kernel = new Kernel(ham, Limits.USUAL);

    @Test
    void agreesOnTheVersionAndAsksForNothing() {
        var answer = kernel.ok(
                Answers.INIT,
                0,
                Kernel.body(64).putInt(7).putInt(45).putInt(131072).putInt(-1));

        assertThat(answer.remaining()).isEqualTo(64);
        assertThat(answer.getInt()).isEqualTo(7);
        assertThat(answer.getInt()).isEqualTo(31);
        assertThat(answer.getLong()).isZero();
        assertThat(answer.getInt(20)).isEqualTo(4096);
    }

    @Test
    void aFolderForEachEntityAndConditionAndAFileForEachAction() {
        assertThat(kernel.list(Nodes.TOP, 4096)).containsExactly("./", "../", ".info", "web/", "*/");
        assertThat(kernel.list(kernel.node("web"), 4096)).containsExactly("./", "../", ".info", "died/");
        assertThat(kernel.list(kernel.node("web", "died"), 4096)).containsExactly("./", "../", ".info", "restart");
        assertThat(kernel.list(kernel.node("*"), 4096)).containsExactly("./", "../", ".info");
    }

    @Test
    void filesAreWhatInfoPrints() {
        var web = ham.entities.getFirst();
        var died = web.conditions().getFirst();

        assertThat(kernel.text(kernel.node(".info")))
                .isEqualTo(NodeInfo.text(NodeInfo.of(ham.status(), Path.of("/run/ham"))))
                .contains("Ham Pid           : 42\n");
        assertThat(kernel.text(kernel.node("web", ".info"))).isEqualTo(NodeInfo.text(NodeInfo.of(web)));
        assertThat(kernel.text(kernel.node("web", "died", ".info")))
                .isEqualTo(NodeInfo.text(NodeInfo.of(web, died)))
                .contains("Condition type  : CONDDEATH\n");
        assertThat(kernel.text(kernel.node("web", "died", "restart")))
                .isEqualTo(NodeInfo.text(NodeInfo.of(web, died, died.actions().getFirst())))
                .contains("Restart Line : sleep 1000\n");
    }

    @Test
    void tellsSizeTimeModeAndOwner() {
        var file = kernel.node("web", ".info");
        var attributes = kernel.ok(Answers.GETATTR, file, Kernel.body(16));

        assertThat(attributes.remaining()).isEqualTo(104);
        assertThat(attributes.getLong(0)).as("keep it for no time").isZero();
        assertThat(attributes.getLong(24))
                .as("size")
                .isEqualTo(kernel.text(file).length());
        assertThat(attributes.getLong(48))
                .as("modified")
                .isEqualTo(Instant.parse(Scene.SINCE).getEpochSecond());
        assertThat(attributes.getInt(68)).isEqualTo(6);
        assertThat(attributes.getInt(76)).isEqualTo(0100400);
        assertThat(attributes.getInt(84)).isEqualTo(7);
        assertThat(attributes.getInt(88)).isEqualTo(8);
        assertThat(kernel.ok(Answers.GETATTR, Nodes.TOP, Kernel.body(16)).getInt(76))
                .isEqualTo(040500);
        assertThat(kernel.ok(Answers.LOOKUP, Nodes.TOP, Kernel.name("web")).remaining())
                .isEqualTo(128);
        assertThat(kernel.ok(Answers.STATFS, Nodes.TOP, Kernel.body(0)).remaining())
                .isEqualTo(80);
    }

    @Test
    void whatIsOpenStaysAsItWas() {
        var file = kernel.node("web", ".info");
        var handle = kernel.open(Answers.OPEN, file);
        ham.entities.set(0, Scene.web("web", 9999));

        assertThat(read(file, handle)).contains(": 4711\n");
        assertThat(kernel.text(file)).contains(": 9999\n");
        ham.entities.clear();
        assertThat(read(file, handle)).contains(": 4711\n");
        assertThat(kernel.error(Answers.OPEN, file, Kernel.body(8))).isEqualTo(Answers.ENOENT);
        assertThat(kernel.error(Answers.GETATTR, file, Kernel.body(16))).isEqualTo(Answers.ENOENT);
    }

    private String read(long file, long handle) {
        return java.nio.charset.StandardCharsets.UTF_8
                .decode(kernel.read(Answers.READ, file, handle, 0, 65536))
                .toString();
    }

    @Test
    void isReadInPortions() {
        for (var i = 0; i < 500; i++) {
            ham.entities.add(Scene.web("entity-" + i, i + 1));
        }
        assertThat(kernel.list(Nodes.TOP, 100)).hasSize(505).doesNotHaveDuplicates();

        var file = kernel.node("web", ".info");
        var whole = kernel.text(file);
        var handle = kernel.open(Answers.OPEN, file);
        var portions = new StringBuilder();
        for (var part = kernel.read(Answers.READ, file, handle, 0, 10);
                part.hasRemaining();
                part = kernel.read(Answers.READ, file, handle, portions.length(), 10)) {
            portions.append(java.nio.charset.StandardCharsets.UTF_8.decode(part));
        }
        assertThat(portions).hasToString(whole);
    }

    @Test
    void moreThanAnAnswerHoldsComesInSeveral() {
        var small = new Kernel(ham, new Limits(10, 10, 1 << 20, 8192, 160, Duration.ZERO));
        for (var i = 0; i < 50; i++) {
            ham.entities.add(Scene.web("entity-" + i, i + 1));
        }
        assertThat(small.list(Nodes.TOP, 1 << 20)).hasSize(55).doesNotHaveDuplicates();
    }

    @Test
    void namesThatMeanSomethingElseAreLeftOut() {
        ham.entities.add(Scene.web(".info", 1));
        ham.entities.add(Scene.web("..", 2));

        assertThat(kernel.list(Nodes.TOP, 4096)).containsExactly("./", "../", ".info", "web/", "*/");
        assertThat(kernel.text(kernel.node(".info"))).startsWith("Ham Pid");
    }

    @Test
    void saysWhatIsNotThere() {
        assertThat(kernel.error(Answers.LOOKUP, Nodes.TOP, Kernel.name("nobody")))
                .isEqualTo(Answers.ENOENT);
        assertThat(kernel.error(Answers.LOOKUP, kernel.node("web"), Kernel.name("x")))
                .isEqualTo(Answers.ENOENT);
        assertThat(kernel.error(Answers.LOOKUP, kernel.node(".info"), Kernel.name("x")))
                .isEqualTo(Answers.ENOENT);
        assertThat(kernel.error(Answers.LOOKUP, kernel.node("web", "died", "restart"), Kernel.name("x")))
                .isEqualTo(Answers.ENOENT);
        assertThat(kernel.error(Answers.GETATTR, 4242, Kernel.body(16))).isEqualTo(Answers.ENOENT);
        assertThat(kernel.error(Answers.READ, Nodes.TOP, Kernel.body(40))).isEqualTo(Answers.EBADF);
        assertThat(kernel.error(Answers.READDIR, Nodes.TOP, Kernel.body(40))).isEqualTo(Answers.EBADF);
    }

    @Test
    void isReadOnlyAndNoMoreThanThat() {
        var forWriting = Kernel.body(8).putInt(0, 1);
        assertThat(kernel.error(Answers.OPEN, kernel.node("web", ".info"), forWriting))
                .isEqualTo(Answers.EROFS);
        // WRITE, UNLINK, GETXATTR, ACCESS, IOCTL, and one that does not exist
        for (var opcode : new int[] {16, 10, 22, 34, 39, 4711}) {
            assertThat(kernel.error(opcode, Nodes.TOP, Kernel.body(64))).isEqualTo(Answers.ENOSYS);
        }
    }

    @Test
    void forgetsWhatTheKernelForgets() {
        var web = kernel.node("web");
        assertThat(kernel.node("web")).as("one place, one number").isEqualTo(web);
        kernel.forget(web, 1);
        assertThat(kernel.answers.known()).isEqualTo(1);
        kernel.forget(web, 1);
        assertThat(kernel.answers.known()).isZero();
        assertThat(kernel.error(Answers.GETATTR, web, Kernel.body(16))).isEqualTo(Answers.ENOENT);

        var one = kernel.node("web");
        var two = kernel.node("*");
        var both = Kernel.body(40)
                .putInt(2)
                .putInt(0)
                .putLong(one)
                .putLong(1)
                .putLong(two)
                .putLong(1);
        assertThat(kernel.raw(Answers.BATCH_FORGET, 0, both).hasRemaining()).isFalse();
        assertThat(kernel.answers.known()).isZero();
        assertThat(kernel.raw(Answers.INTERRUPT, 0, Kernel.body(8)).hasRemaining())
                .isFalse();
        assertThat(kernel.ok(Answers.DESTROY, 0, Kernel.body(0)).hasRemaining()).isFalse();
    }

    @Test
    void limitsHold() {
        var tight = new Kernel(ham, new Limits(2, 2, 1 << 20, 8192, 4096, Duration.ZERO));
        var web = tight.node("web");
        tight.node("*");
        assertThat(tight.error(Answers.LOOKUP, Nodes.TOP, Kernel.name(".info"))).isEqualTo(Answers.ENFILE);
        var first = tight.open(Answers.OPENDIR, web);
        tight.open(Answers.OPENDIR, web);
        assertThat(tight.error(Answers.OPENDIR, web, Kernel.body(8))).isEqualTo(Answers.ENFILE);
        tight.ok(Answers.RELEASEDIR, web, Kernel.body(24).putLong(first));
        assertThat(tight.answers.open()).isEqualTo(1);
        tight.open(Answers.OPENDIR, web);

        var poor = new Kernel(ham, new Limits(10, 10, 64, 8192, 4096, Duration.ZERO));
        assertThat(poor.error(Answers.OPENDIR, Nodes.TOP, Kernel.body(8))).isEqualTo(Answers.ENFILE);
    }

    @Test
    void everyRequestIsAnsweredWhateverIsInIt() {
        var seed = new Random().nextLong();
        System.out.println("garbage seed " + seed);
        var random = new Random(seed);
        for (var i = 0; i < 20_000; i++) {
            var body = new byte[random.nextInt(64)];
            random.nextBytes(body);
            var opcode = random.nextInt(50);
            var request = Kernel.request(opcode, random.nextInt(4), body);
            var length = kernel.answers.answer(request, request.length);
            var silent = opcode == Answers.FORGET || opcode == Answers.BATCH_FORGET || opcode == Answers.INTERRUPT;
            assertThat(length).as("opcode " + opcode).matches(n -> silent ? n == 0 : n >= 16);
        }
        assertThat(kernel.answers.answer(new byte[39], 39)).isZero();
    }

    @Test
    void aFailureInsideIsAnErrorOutside() {
        var broken = new Kernel(
                new Shown() {
                    @Override
                    public org.ham.api.Status status() {
                        throw new IllegalStateException("no state");
                    }

                    @Override
                    public org.ham.api.Tree tree() {
                        throw new IllegalStateException("no state");
                    }

                    @Override
                    public java.util.Optional<org.ham.api.EntityView> entity(String name) {
                        throw new IllegalStateException("no state");
                    }
                },
                Limits.USUAL);
        assertThat(broken.error(Answers.GETATTR, Nodes.TOP, Kernel.body(16))).isEqualTo(Answers.EIO);
    }
}
