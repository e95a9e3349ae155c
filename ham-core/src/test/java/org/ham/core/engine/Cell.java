package org.ham.core.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A cell of a table in {@code docs/states.md}: what an event makes of a state. */
record Cell(String state, String event, String result) {
    /** All cells of the table whose first line begins like this. */
    static List<Cell> ofTable(String beginning) throws IOException {
        var rows = Files.readAllLines(Path.of("../docs/states.md")).stream()
                .dropWhile(line -> !line.startsWith(beginning))
                .takeWhile(line -> line.startsWith("|"))
                .map(line ->
                        Stream.of(line.split("\\|")).skip(1).map(String::strip).toList())
                .filter(row -> !row.getFirst().startsWith("---"))
                .toList();
        var header = rows.getFirst();
        var cells = new ArrayList<Cell>();
        for (var row : rows.subList(1, rows.size())) {
            for (int i = 1; i < header.size(); i++) {
                cells.add(new Cell(row.getFirst(), header.get(i), row.get(i)));
            }
        }
        return cells;
    }
}
