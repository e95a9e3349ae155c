package org.ham.control;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.linux.LinuxException;
import org.ham.linux.Processes;
import org.ham.linux.Signals;
import org.ham.spi.Pulses;
import org.ham.wire.Calls;

/** Sends pulses and signals to processes here, for those who ask over a connection: mostly other nodes. Thread-safe. */
final class Notifying {
    /** For a program that is connecting again after a takeover, and for it to take the pulse. */
    private static final Duration WITHIN = Duration.ofSeconds(20);

    private static final int ESRCH = 3;
    private static final int EPERM = 1;
    private static final int EAGAIN = 11;

    private final Processes processes;
    private final Signals signals;
    private final Supplier<Optional<Pulses>> pulses;
    private final Once once = new Once();

    Notifying(Processes processes, Signals signals, Supplier<Optional<Pulses>> pulses) {
        this.processes = processes;
        this.signals = signals;
        this.pulses = pulses;
    }

    /** @param request by which a repeat is known, unique among all who ask */
    void pulse(Calls.SendPulse asked, Optional<String> request) throws InterruptedException {
        requireProcess(asked.pid());
        var deliverer = pulses.get()
                .orElseThrow(() -> new HamException(
                        Code.NOT_CONNECTED, "nobody delivers pulses right now, the core is being replaced; ask again"));
        once.run(request, () -> deliverer.send(asked.pid(), asked.channel(), asked.pulse(), WITHIN));
    }

    /** @param request by which a repeat is known, unique among all who ask */
    void signal(Calls.SendSignal asked, Optional<String> request) throws InterruptedException {
        requireProcess(asked.pid());
        if (asked.group() && asked.value().isPresent()) {
            throw new HamException(Code.INVALID, "value: cannot be sent to a process group; leave out value or group");
        }
        var number = number(asked.signal());
        once.run(request, () -> send(asked, number));
    }

    private static void requireProcess(long pid) {
        if (pid < 1 || pid > Integer.MAX_VALUE) {
            throw new HamException(Code.INVALID, "pid: " + pid + " is not a process");
        }
    }

    private static int number(String signal) {
        try {
            return Signals.number(signal);
        } catch (IllegalArgumentException e) {
            throw new HamException(Code.INVALID, "signal: " + e.getMessage(), e);
        }
    }

    private void send(Calls.SendSignal asked, int number) {
        try {
            var target = processes.identify(asked.pid());
            if (asked.group()) {
                signals.sendToGroup(target, number);
            } else if (asked.value().isPresent()) {
                signals.send(target, number, asked.value().get());
            } else {
                signals.send(target, number);
            }
        } catch (LinuxException e) {
            throw new HamException(
                    code(e.errno()),
                    Signals.name(number) + " not sent to process " + asked.pid() + ": " + e.getMessage(),
                    e);
        }
    }

    private static Code code(int errno) {
        return switch (errno) {
            case ESRCH -> Code.NOT_FOUND;
            case EPERM -> Code.DENIED;
            case EAGAIN -> Code.LIMIT;
            default -> Code.FAILED;
        };
    }
}
