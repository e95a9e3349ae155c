package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Replays the transcript of the protocol over a raw connection, as its own first lines describe it. */
final class Transcript {
    static final Path FOLDER = Path.of(System.getProperty("ham.root", ".."), "docs", "protocol");

    private static final Pattern PLACE = Pattern.compile("<([a-z]+)>");

    private final SocketChannel channel;
    private final BufferedReader reader;
    private final Map<String, String> known = new TreeMap<>();

    Transcript(SocketChannel channel) {
        this.channel = channel;
        reader = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
    }

    static Optional<String> python() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "python3"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    void replay() throws IOException {
        var expected = new ArrayList<String>();
        for (var line : Files.readAllLines(FOLDER.resolve("transcript.txt"))) {
            if (line.startsWith("C: ")) {
                receive(expected);
                channel.write(ByteBuffer.wrap((filled(line.substring(3)) + "\n").getBytes(StandardCharsets.UTF_8)));
            } else if (line.startsWith("S: ")) {
                expected.add(line.substring(3));
            }
        }
        receive(expected);
    }

    private String filled(String line) {
        return PLACE.matcher(line).replaceAll(match -> String.valueOf(known.get(match.group(1))));
    }

    /** All of them, in whichever order they come. */
    private void receive(List<String> expected) throws IOException {
        while (!expected.isEmpty()) {
            var line = reader.readLine();
            assertThat(expected.removeIf(one -> matches(one, line)))
                    .as("'%s' is one of %s", line, expected)
                    .isTrue();
        }
    }

    private boolean matches(String template, String line) {
        var names = new ArrayList<String>();
        var pattern = new StringBuilder();
        var from = 0;
        var place = PLACE.matcher(template);
        while (place.find()) {
            pattern.append(Pattern.quote(template.substring(from, place.start())))
                    .append("(\\d+|\"[^\"]*\"|\\{[^}]*\\})");
            names.add(place.group(1));
            from = place.end();
        }
        pattern.append(Pattern.quote(template.substring(from)));
        var match = Pattern.compile(pattern.toString()).matcher(line);
        if (!match.matches()) {
            return false;
        }
        for (var i = 0; i < names.size(); i++) {
            known.put(names.get(i), match.group(i + 1));
        }
        return true;
    }
}
