package org.ham.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Measures what an append of four events costs, and a look that finds nothing; run by hand with a folder, best with and
 * without {@code -XX:TieredStopAtLevel=1}.
 */
final class AppendCost {
    private static final int WARM = 50_000;
    private static final int MEASURED = 50_000;

    private AppendCost() {}

    public static void main(String[] args) throws IOException {
        var journal = Journal.at(Path.of(args[0]), Lines.SETTINGS);
        var appends = new long[MEASURED];
        var looks = new long[MEASURED];
        var reads = new long[MEASURED];
        try (var reader = journal.read();
                var writer = journal.write(reader, reader.position().epoch() + 1)) {
            for (var i = 0; i < WARM + MEASURED; i++) {
                var batch = Lines.batch(
                        writer.position().seq() + 1, 4, writer.position().epoch());
                var start = System.nanoTime();
                writer.append(batch);
                var appended = System.nanoTime();
                var got = reader.next();
                var read = System.nanoTime();
                var none = reader.next();
                var looked = System.nanoTime();
                if (got.isEmpty() || none.isPresent()) {
                    throw new IOException("line " + writer.position().seq() + " was not read back");
                }
                if (i >= WARM) {
                    appends[i - WARM] = appended - start;
                    reads[i - WARM] = read - appended;
                    looks[i - WARM] = looked - read;
                }
                if (writer.snapshotDue()) {
                    writer.snapshot("state");
                }
            }
        }
        print("append of 4 events", appends);
        print("read of 4 events", reads);
        print("look without news", looks);
    }

    private static void print(String what, long[] nanos) {
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "%-20s p50 %6.2f µs  p99 %6.2f µs%n",
                what,
                nanos[nanos.length / 2] / 1000.0,
                nanos[nanos.length * 99 / 100] / 1000.0);
    }
}
