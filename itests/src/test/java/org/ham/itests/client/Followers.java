package org.ham.itests.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;
import org.ham.api.Event;
import org.ham.api.Ham;
import org.ham.api.Subscription;
import org.ham.client.ClientSettings;
import org.ham.client.HamClient;

/**
 * Follows the journal from its first line over many connections, every fifth of them slowly, until a line with a number comes on
 * standard input: waits until all have heard the line of that number, and says what they heard up to it.
 */
final class Followers {
    private static final long SLOW = 1_000_000;
    private static final long LOOK_EVERY = 20_000_000;

    private final List<Follower> all = new ArrayList<>();

    /** One connection with one subscription. */
    private static final class Follower {
        private final Ham ham;
        private final boolean slow;
        private final List<Integer> heard = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();
        private final Subscription subscription;
        private long last;

        Follower(int number) {
            slow = number % 5 == 4;
            ham = HamClient.connect(ClientSettings.usual().named("follower-" + number));
            subscription = ham.subscribe(0, this::hear, why -> problem("ended: " + why.getMessage()));
        }

        private synchronized void hear(Event event) {
            if (event.seq() != last + 1) {
                problem("line " + event.seq() + " after line " + last);
            }
            last = event.seq();
            heard.add((event.seq() + " " + event.type() + " " + event.mono()).hashCode());
            if (slow) {
                LockSupport.parkNanos(SLOW);
            }
        }

        private synchronized void problem(String text) {
            problems.add(text);
        }

        synchronized long digest(long until) {
            var sum = new CRC32();
            heard.stream().limit(until).forEach(hash -> {
                for (var shift = 0; shift < 32; shift += 8) {
                    sum.update(hash >> shift & 0xff);
                }
            });
            return sum.getValue();
        }

        synchronized List<String> problems() {
            return List.copyOf(problems);
        }
    }

    static void run(int count) throws IOException {
        var followers = new Followers();
        for (var i = 0; i < count; i++) {
            followers.all.add(new Follower(i));
        }
        Program.say("ready", ProcessHandle.current().pid());
        followers.finish(Long.parseLong(
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine()));
    }

    private void finish(long until) {
        Map<Long, Integer> digests = new HashMap<>();
        for (var follower : all) {
            for (var i = 0; i < 6_000 && follower.subscription.seq() < until; i++) {
                LockSupport.parkNanos(LOOK_EVERY);
            }
            follower.problems().forEach(problem -> Program.say("problem", problem));
            digests.merge(follower.digest(until), 1, Integer::sum);
        }
        digests.forEach((digest, times) -> Program.say("digest", digest + " " + times));
        all.forEach(follower -> follower.ham.close());
        Program.say("closed", all.size());
    }
}
