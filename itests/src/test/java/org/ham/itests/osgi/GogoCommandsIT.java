package org.ham.itests.osgi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import org.apache.felix.service.command.CommandProcessor;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;

/** The commands of scope {@code ham} in the Gogo of the framework. */
@RunWith(PaxExam.class)
public class GogoCommandsIT {
    private final Inside inside = new Inside();

    /** Read outside of the framework. */
    @Configuration
    public Option[] framework() {
        return new Option[] {Setup.node()};
    }

    @Before
    public void awaitCommands() {
        await("the commands")
                .atMost(Inside.SOON)
                .until(() -> inside.context()
                                .getServiceReferences(
                                        (String) null, "(&(osgi.command.scope=ham)(osgi.command.function=why))")
                        != null);
    }

    @After
    public void cleanUp() {
        inside.cleanUp();
    }

    @Test
    public void theStatusIsOneJsonDocument() throws Exception {
        var status = json("ham:status --json");

        assertThat(status.getAsJsonObject("ham").get("pid").getAsLong())
                .isEqualTo(ProcessHandle.current().pid());
        assertThat(status.getAsJsonObject("ham").get("epoch").getAsLong()).isEqualTo(1);
        assertThat(status.keySet())
                .contains("guardian", "entities", "conditions", "actions", "hamFailures", "guardianFailures");
    }

    @Test
    public void theTreeShowsWhatCommandsMadeOfIt() throws Exception {
        inside.attachSleeper("sleeper");
        gogo("ham:condition add sleeper stopped detach rearm");
        gogo("ham:action add sleeper/stopped note log message=bye");
        var pid = inside.killAndAwaitRestart("sleeper");

        var entity = json("ham:tree --json").getAsJsonArray("entities").get(0).getAsJsonObject();

        assertThat(entity.get("name").getAsString()).isEqualTo("sleeper");
        assertThat(entity.get("kind").getAsString()).isEqualTo("external");
        assertThat(entity.get("pid").getAsLong()).isEqualTo(pid);
        assertThat(entity.get("restarts").getAsLong()).isEqualTo(1);
        assertThat(entity.getAsJsonArray("conditions")).hasSize(2);
        assertThat(gogo("ham:tree")).contains("sleeper", "died", "restart", "stopped", "note");
        assertThat(gogo("ham:info sleeper")).contains("sleeper", String.valueOf(pid));
        assertThat(gogo("ham:why sleeper")).contains("SIGKILL");
    }

    @Test
    public void theEventsTellWhatHappenedOneALine() throws Exception {
        inside.attachSleeper("told");
        inside.killAndAwaitRestart("told");

        var lines = gogo("ham:events --json").lines().toList();

        assertThat(lines)
                .allSatisfy(line -> assertThat(
                                JsonParser.parseString(line).getAsJsonObject().keySet())
                        .contains("seq", "epoch", "time", "mono", "type"));
        assertThat(types(lines, "told"))
                .containsSubsequence("entity-added", "started", "death", "started", "restarted");
    }

    private static List<String> types(List<String> lines, String entity) {
        return lines.stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .filter(line ->
                        line.has("entity") && line.get("entity").getAsString().equals(entity))
                .map(line -> line.get("type").getAsString())
                .toList();
    }

    @Test
    public void aRefusalIsToldInOneSentence() {
        assertThatThrownBy(() -> gogo("ham:detach nobody")).hasMessageContaining("nobody");
        assertThatThrownBy(() -> gogo("ham:condition add nobody a death")).hasMessageContaining("nobody");
        assertThatThrownBy(() -> gogo("ham:tree --wrong")).hasMessageContaining("--wrong");
    }

    private JsonObject json(String line) throws Exception {
        return JsonParser.parseString(gogo(line)).getAsJsonObject();
    }

    /** What a line prints. */
    private String gogo(String line) throws Exception {
        var printed = new ByteArrayOutputStream();
        var out = new PrintStream(printed, true, UTF_8);
        var session = inside.service(CommandProcessor.class).createSession(InputStream.nullInputStream(), out, out);
        try {
            session.execute(line);
        } finally {
            session.close();
        }
        out.flush();
        return printed.toString(UTF_8).strip();
    }
}
