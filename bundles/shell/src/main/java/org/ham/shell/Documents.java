package org.ham.shell;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.ham.api.ActionView;
import org.ham.api.ConditionView;
import org.ham.api.EntityView;
import org.ham.api.ExitReason;
import org.ham.api.HeartbeatView;
import org.ham.api.RaiseMatch;
import org.ham.api.StateMatch;
import org.ham.api.Status;
import org.jspecify.annotations.Nullable;

/** The JSON documents of the commands, as docs/commands.md describes them. They keep a null where a value is missing. */
final class Documents {
    private static final Gson GSON =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    private Documents() {}

    static void print(PrintWriter out, JsonElement document) {
        out.println(GSON.toJson(document));
    }

    static JsonObject done(String path) {
        var done = new JsonObject();
        done.addProperty("done", true);
        done.addProperty("path", path);
        return done;
    }

    static JsonObject status(Status status) {
        var ham = new JsonObject();
        ham.addProperty("pid", status.hamPid());
        ham.addProperty("epoch", status.epoch());
        ham.addProperty("since", status.since());
        var document = new JsonObject();
        document.add("ham", ham);
        document.add("guardian", guardian(status));
        document.addProperty("entities", status.entities());
        document.addProperty("conditions", status.conditions());
        document.addProperty("actions", status.actions());
        document.addProperty("hamFailures", status.hamFailures());
        document.addProperty("guardianFailures", status.guardianFailures());
        document.addProperty("verbosity", status.verbosity());
        document.addProperty("alarm", status.alarm());
        document.addProperty("heartbeats", status.heartbeats());
        return document;
    }

    private static JsonElement guardian(Status status) {
        if (status.guardianPid().isEmpty()) {
            return JsonNull.INSTANCE;
        }
        var guardian = new JsonObject();
        guardian.addProperty("pid", status.guardianPid().getAsLong());
        guardian.addProperty("ready", status.guardianReady());
        return guardian;
    }

    static JsonObject tree(List<EntityView> entities) {
        var array = new JsonArray();
        entities.forEach(entity -> array.add(entity(entity)));
        var document = new JsonObject();
        document.add("entities", array);
        return document;
    }

    private static JsonObject entity(EntityView entity) {
        var object = new JsonObject();
        object.addProperty("name", entity.name());
        object.addProperty("kind", entity.kind());
        object.add("pid", number(entity.pid()));
        object.add("startTime", number(entity.startTime()));
        object.addProperty("state", entity.state());
        object.addProperty("enabled", entity.enabled());
        object.addProperty("restarts", entity.restarts());
        object.add("heartbeat", entity.heartbeat().map(Documents::heartbeat).orElse(JsonNull.INSTANCE));
        object.addProperty("status", entity.status());
        object.addProperty("created", entity.created());
        object.add("lastDeath", text(entity.lastDeath()));
        object.add("lastReason", reason(entity.lastReason()));
        object.add("flags", words(entity.flags()));
        object.add("command", words(entity.command()));
        object.addProperty("ready", entity.ready());
        object.addProperty("text", entity.text());
        var conditions = new JsonArray();
        entity.conditions().forEach(condition -> conditions.add(condition(condition)));
        object.add("conditions", conditions);
        return object;
    }

    /** In nanoseconds, as everything that is measured. */
    private static JsonElement heartbeat(HeartbeatView heartbeat) {
        var object = new JsonObject();
        object.addProperty("period", heartbeat.periodNanos());
        object.addProperty("low", heartbeat.low());
        object.addProperty("high", heartbeat.high());
        object.addProperty("selfHealing", heartbeat.selfHealing());
        object.addProperty("state", heartbeat.state());
        return object;
    }

    private static JsonObject match(StateMatch match) {
        var object = new JsonObject();
        object.addProperty("from", match.from().toString());
        object.addProperty("to", match.to().toString());
        return object;
    }

    private static JsonObject match(RaiseMatch match) {
        var object = new JsonObject();
        match.type().ifPresent(value -> object.addProperty("type", value));
        match.category().ifPresent(value -> object.addProperty("class", value));
        match.severity().ifPresent(value -> object.addProperty("severity", value));
        object.addProperty("atLeast", match.atLeast());
        return object;
    }

    private static JsonObject condition(ConditionView condition) {
        var object = new JsonObject();
        object.addProperty("name", condition.name());
        object.addProperty("type", condition.type());
        object.add("flags", words(condition.flags()));
        object.addProperty("enabled", condition.enabled());
        condition.onState().ifPresent(match -> object.add("state", match(match)));
        condition.onRaise().ifPresent(match -> object.add("raise", match(match)));
        var actions = new JsonArray();
        condition.actions().forEach(action -> actions.add(action(action)));
        object.add("actions", actions);
        return object;
    }

    private static JsonObject action(ActionView action) {
        var object = new JsonObject();
        object.addProperty("name", action.name());
        object.addProperty("type", action.type());
        object.add("flags", words(action.flags()));
        object.addProperty("enabled", action.enabled());
        object.add("parameters", value(action.parameters()));
        var onFail = new JsonArray();
        action.onFail().forEach(item -> onFail.add(action(item)));
        object.add("onFail", onFail);
        return object;
    }

    static JsonElement reason(Optional<ExitReason> reason) {
        if (reason.isEmpty()) {
            return JsonNull.INSTANCE;
        }
        var object = new JsonObject();
        switch (reason.get().kind()) {
            case EXITED -> {
                object.addProperty("kind", "exited");
                object.addProperty("code", reason.get().code());
            }
            case SIGNALLED -> {
                object.addProperty("kind", "signalled");
                object.addProperty("signal", reason.get().signal());
                object.addProperty("core", reason.get().core());
            }
            case UNKNOWN -> object.addProperty("kind", "unknown");
        }
        return object;
    }

    /** A value as JSON has it: strings, numbers, booleans, lists and maps of them. */
    static JsonElement value(@Nullable Object value) {
        return switch (value) {
            case null -> JsonNull.INSTANCE;
            case Number number -> new JsonPrimitive(number);
            case Boolean flag -> new JsonPrimitive(flag);
            case Collection<?> items -> {
                var array = new JsonArray();
                items.forEach(item -> array.add(value(item)));
                yield array;
            }
            case Map<?, ?> map -> {
                var object = new JsonObject();
                map.forEach((key, item) -> object.add(String.valueOf(key), value(item)));
                yield object;
            }
            default -> new JsonPrimitive(value.toString());
        };
    }

    private static JsonElement number(OptionalLong value) {
        return value.isPresent() ? new JsonPrimitive(value.getAsLong()) : JsonNull.INSTANCE;
    }

    private static JsonElement text(Optional<String> value) {
        return value.<JsonElement>map(JsonPrimitive::new).orElse(JsonNull.INSTANCE);
    }

    private static JsonArray words(List<String> words) {
        var array = new JsonArray();
        words.forEach(array::add);
        return array;
    }
}
