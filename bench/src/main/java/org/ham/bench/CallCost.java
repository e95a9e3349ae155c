package org.ham.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ham.client.ClientSettings;
import org.ham.client.HamClient;
import org.jspecify.annotations.Nullable;

/** What a call of another program costs over the control socket, beside a bare round trip over such a socket. */
final class CallCost {
    private static final int BLOCK = 500;

    /** As many bytes as a call of {@code reportState} has. */
    private static final int BYTES = 150;

    private static final String C = "bare round trip, C";
    private static final String JAVA = "bare round trip, Java";

    private final Path programs;
    private final Path temp;
    private final Plan plan;

    CallCost(Path programs, Path temp, Plan plan) {
        this.programs = programs;
        this.temp = temp;
        this.plan = plan;
    }

    /** Measures over a HAM with at least one entity, all in turns, and gives the table. */
    Table measure(Path runDir) throws IOException {
        var folder = Files.createTempDirectory(temp, "calls");
        var took = new LinkedHashMap<String, Samples>();
        try (var ham = HamClient.connect(ClientSettings.of(runDir).named("bench"));
                var echo = new Echo(folder.resolve("java"))) {
            var entity = ham.entity("e0");
            var state = new int[1];
            var all = new LinkedHashMap<String, Runnable>();
            all.put(JAVA, () -> echo.roundTrip(BYTES));
            all.put("status", ham::status);
            all.put("find", () -> ham.find("e0"));
            all.put("reportState", () -> ham.reportState(entity, ++state[0]));
            var blocks = plan.journalBlocks();
            for (var block = -blocks / 2; block < blocks; block++) {
                var kept = block >= 0;
                bareC(folder, samples(took, C, kept));
                all.forEach((name, call) -> time(call, samples(took, name, kept)));
            }
        }
        return table(took);
    }

    /** What warms up is not kept. */
    private static Samples samples(Map<String, Samples> took, String name, boolean kept) {
        return kept ? took.computeIfAbsent(name, _ -> new Samples()) : new Samples();
    }

    private static void time(Runnable call, Samples samples) {
        for (var i = 0; i < BLOCK; i++) {
            var from = System.nanoTime();
            call.run();
            samples.add(System.nanoTime() - from);
        }
    }

    private void bareC(Path folder, Samples samples) throws IOException {
        var program = programs.resolve("echo");
        if (!Files.isExecutable(program)) {
            return;
        }
        var process = new ProcessBuilder(
                        program.toString(), folder.toString(), String.valueOf(BLOCK), String.valueOf(BYTES))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                .lines()
                .forEach(line -> samples.add(Long.parseLong(line)));
    }

    private static Table table(Map<String, Samples> took) {
        var table = new Table("a call", "n", "p50, µs", "p99, µs", "p50 : Java", "p50 : C", "aim");
        took.forEach((name, samples) -> {
            if (!samples.isEmpty()) {
                table.row(
                        name,
                        String.valueOf(samples.count()),
                        micros(samples, 50),
                        micros(samples, 99),
                        ratio(samples, took.get(JAVA)),
                        ratio(samples, took.get(C)),
                        name.equals(C) || name.equals(JAVA) ? "" : "≤ 5");
            }
        });
        return table;
    }

    private static String micros(Samples samples, double percent) {
        return Table.number(samples.percentile(percent) / 1e3);
    }

    private static String ratio(Samples one, @Nullable Samples other) {
        return other == null || other == one ? "" : Table.ratio(one, other, 50);
    }
}
