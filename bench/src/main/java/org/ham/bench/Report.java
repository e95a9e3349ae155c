package org.ham.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ham.linux.Linux;

/** What was measured, and how it is printed. Confined to one thread. */
final class Report {
    private static final String[] SIDES = {"HAM", "bare C", "plain Java"};
    private static final double KIB = 1024;
    private static final Samples NOTHING = new Samples();

    private final Map<String, Samples> samples = new LinkedHashMap<>();
    private final Map<String, Integer> doubled = new LinkedHashMap<>();
    private final List<String[]> idle = new ArrayList<>();
    private final Samples started = new Samples();
    private final Samples ready = new Samples();
    private final Table journal = new Table("journal", "bytes", "p50, ns", "p99, ns");

    Samples kills(String side) {
        return of("kill " + side);
    }

    Samples first(String side) {
        return of("first " + side);
    }

    Samples bursts(int count, String side) {
        return of(count + " " + side);
    }

    Samples takeovers(int count) {
        return of("takeover " + count);
    }

    /** From {@code ham start} to an entity that runs. */
    Samples started() {
        return started;
    }

    /** From {@code ham start} to a Guardian that could take over. */
    Samples ready() {
        return ready;
    }

    /** Processes that were started although none had died, by supervisor. */
    Map<String, Integer> doubled() {
        return doubled;
    }

    private Samples of(String key) {
        return samples.computeIfAbsent(key, _ -> new Samples());
    }

    void idle(int count, long hamKib, long guardianKib, double cpuSeconds, double wakeUps) {
        idle.add(new String[] {
            String.valueOf(count),
            Table.number(hamKib / KIB),
            Table.number(guardianKib / KIB),
            Table.number((hamKib + guardianKib) / KIB),
            count == 1 ? "≤ 140" : "≤ 160",
            Table.number(cpuSeconds * 1e3),
            "< 20",
            Table.number(wakeUps)
        });
    }

    void journal(JournalCost cost) {
        journal.row("append", String.valueOf(cost.bytes()), ns(cost.journal(), 50), ns(cost.journal(), 99));
        journal.row("FileChannel.write", String.valueOf(cost.bytes()), ns(cost.raw(), 50), ns(cost.raw(), 99));
    }

    private static String ns(Samples samples, double percent) {
        return String.valueOf(samples.percentile(percent));
    }

    @Override
    public String toString() {
        return "Times in milliseconds.\n\n" + recoveries() + "\n" + idleTable() + "\n" + startTable() + "\n" + journal;
    }

    private Table recoveries() {
        var table = new Table("kill → replacement runs", "n", "HAM", "bare C", "plain Java", "HAM : C", "aim");
        row(table, "one killed, p50", "kill", 50, "≤ 1.3 × C");
        row(table, "one killed, p99", "kill", 99, "≤ 1.3 × C");
        row(table, "the first after a start, p50", "first", 50, "≤ 3 × the steady p50");
        row(table, "100 killed at once, all back, p50", "100", 50, "≤ 1.5 × C");
        row(table, "1,000 killed at once, all back, p50", "1000", 50, "");
        takeover(table, 1, "HAM killed with its only entity, p50", 50, "≤ 10 ms");
        takeover(table, 1, "HAM killed with its only entity, p99", 99, "≤ 100 ms");
        takeover(table, 1_000, "HAM killed with one of 1,000 entities, p50", 50, "≤ 10 ms");
        takeover(table, 1_000, "HAM killed with one of 1,000 entities, p99", 99, "≤ 100 ms");
        table.row("started without need, in all", "", extra(0), extra(1), extra(2), "", "0");
        return table;
    }

    private void row(Table table, String what, String key, double percent, String aim) {
        var ham = get(key, 0);
        table.row(
                what,
                String.valueOf(ham.count()),
                Table.millis(ham, percent),
                Table.millis(get(key, 1), percent),
                Table.millis(get(key, 2), percent),
                Table.ratio(ham, get(key, 1), percent),
                aim);
    }

    private void takeover(Table table, int count, String what, double percent, String aim) {
        var ham = takeovers(count);
        table.row(what, String.valueOf(ham.count()), Table.millis(ham, percent), "", "", "", aim);
    }

    private Samples get(String key, int side) {
        return samples.getOrDefault(key + " " + SIDES[side], NOTHING);
    }

    private String extra(int side) {
        return String.valueOf(doubled.getOrDefault(SIDES[side], 0));
    }

    private Table idleTable() {
        var table = new Table(
                "entities, idle",
                "HAM, MiB PSS",
                "Guardian, MiB PSS",
                "both",
                "aim",
                "CPU of both, ms a minute",
                "aim",
                "wake-ups a second");
        idle.forEach(table::row);
        return table;
    }

    private Table startTable() {
        var table = new Table("ham start, fresh run-dir", "n", "p50", "p99", "aim");
        table.row("→ the entity runs", count(started), Table.millis(started, 50), Table.millis(started, 99), "≤ 1000");
        // Found by asking again and again, so up to one ham command too late.
        table.row("→ Guardian ready", count(ready), Table.millis(ready, 50), Table.millis(ready, 99), "");
        return table;
    }

    private static String count(Samples samples) {
        return String.valueOf(samples.count());
    }

    /** One line about where it was measured. */
    static String machine(Linux linux, boolean compiler) throws IOException {
        return Runtime.getRuntime().availableProcessors() + " processors, Linux " + System.getProperty("os.version")
                + ", " + System.getProperty("java.vendor") + " " + Runtime.version() + "\n" + load()
                + (compiler
                        ? ""
                        : "\nNo C compiler: the bare C supervisor is left out, and the children are shells that cost"
                                + " their own start, so all times are coarse.")
                + linux.limitations().stream().map(line -> "\n" + line).reduce("", String::concat) + "\n";
    }

    /** How busy the machine is. */
    static String load() throws IOException {
        return "load average " + Files.readString(Path.of("/proc/loadavg")).strip();
    }
}
