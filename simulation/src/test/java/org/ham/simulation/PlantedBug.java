package org.ham.simulation;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A bug that is put into HAM on purpose, to see whether the simulation finds it. Immutable.
 *
 * @param name what was done, in a few words
 * @param file the source, from the top of the project
 * @param text what stands there, exactly once, however its lines are broken
 * @param planted what stands there instead
 * @param why what is wrong with it
 * @param audit the one it is planted for, which has to find it; empty where any may
 */
record PlantedBug(String name, String file, String text, String planted, String why, String audit) {
    private static final String ENGINE = "ham-core/src/main/java/org/ham/core/engine/";
    private static final String CORE = "ham-core/src/main/java/org/ham/core/";
    private static final String JOURNAL = "bundles/journal/src/main/java/org/ham/journal/";
    private static final String GUARDIAN = "guardian/src/main/java/org/ham/guardian/";

    static final List<PlantedBug> ALL = List.of(
            new PlantedBug(
                    "a start in flight is not resumed",
                    ENGINE + "Lifecycle.java",
                    "step.effect(new Effect.Start(entity.name(), pending.invocation(), pending.start(), true));",
                    "",
                    "a start that a dead HAM had decided and not carried out is lost",
                    "NothingIsLeft"),
            new PlantedBug(
                    "a resumed start is not looked for",
                    CORE + "Leader.java",
                    "if (start.resumed()) {",
                    "if (start.invocation().isEmpty()) {",
                    "a process that the dead HAM had started already is started a second time",
                    "StartsHappenOnce"),
            new PlantedBug(
                    "an action in flight is not resumed",
                    ENGINE + "Lifecycle.java",
                    "step.effect(Lanes.invoke(entity, run, true));",
                    "",
                    "its lane waits for ever for an outcome that nobody brings",
                    ""),
            new PlantedBug(
                    "a detached process stays watched",
                    ENGINE + "Lifecycle.java",
                    """
                            step.effect(new Effect.Unwatch(process));
                        }
                        Lanes.cutShort(step, name);
                    """,
                    """
                            step.nextSeq();
                        }
                        Lanes.cutShort(step, name);
                    """,
                    "each detach leaves a descriptor behind",
                    "NothingIsLeft"),
            new PlantedBug(
                    "a death comes before what was said",
                    CORE + "Leader.java",
                    "for (var taken = 0; taken < REQUESTS; taken++) {",
                    "for (var taken = REQUESTS; taken < REQUESTS; taken++) {",
                    "what a process says as it ends is lost, also which process goes on for it",
                    "LastWordsAreHeard"),
            new PlantedBug(
                    "the queue of a lane goes with its head",
                    ENGINE + "Lanes.java",
                    "step.put(entity.with(lane.withoutHead()));",
                    "step.put(entity.with(new Lane(lane.key(), List.of())));",
                    "runs that wait behind one that ends are lost",
                    "RunsAreFinished"),
            new PlantedBug(
                    "runs overtake each other in a lane",
                    ENGINE + "Lane.java",
                    "longer.add(run);",
                    "longer.add(Math.min(1, longer.size()), run);",
                    "what happened later is acted on earlier",
                    "LanesAreInOrder"),
            new PlantedBug(
                    "requests are not remembered",
                    ENGINE + "Engine.java",
                    "step.state = step.state.withRequest(request, stamp.seq(), limits.requests());",
                    "step.nextSeq();",
                    "a client that asks again after a takeover has its request carried out twice",
                    "RequestsAreKept"),
            new PlantedBug(
                    "a snapshot leaves out the requests",
                    CORE + "StateCodec.java",
                    "List.copyOf(state.requests().order())",
                    "List.of()",
                    "requests from before the snapshot are carried out twice",
                    "RequestsAreKept"),
            new PlantedBug(
                    "a snapshot is read without its alarms",
                    CORE + "StateCodec.java",
                    "HashTreePMap.from(stored.alarms())",
                    "HashTreePMap.empty()",
                    "the new HAM does not know that lines may be lost, and its copy differs",
                    "CopiesAgree"),
            new PlantedBug(
                    "effects come before the journal",
                    CORE + "Leader.java",
                    """
                        append(new Batch(lines));
                        state = decision.state();
                        for (var effect : decision.effects()) {
                            carryOutGuarded(effect);
                        }
                    """,
                    """
                        state = decision.state();
                        for (var effect : decision.effects()) {
                            carryOutGuarded(effect);
                        }
                        append(new Batch(lines));
                    """,
                    "a process whose start stands nowhere runs beside the next one",
                    "StartsHappenOnce"),
            new PlantedBug(
                    "what the follower has seen dead is dropped",
                    CORE + "Leader.java",
                    "died(entity, process, already.reason());",
                    "LOG.log(Level.DEBUG, \"{0}\", already);",
                    "a death of which only the Guardian had heard is never told",
                    ""),
            new PlantedBug(
                    "the writer does not look whether it was shut out",
                    JOURNAL + "AppendingWriter.java",
                    "if (current != null && current.owner() != owner) {",
                    "if (current != null && current.owner() < 0) {",
                    "a HAM that another one has replaced goes on writing and starting",
                    ""),
            new PlantedBug(
                    "the torn tail is cut off by one byte too many",
                    JOURNAL + "Journal.java",
                    "file.truncate(reader.offset());",
                    "file.truncate(reader.offset() - 1);",
                    "the last whole record, whose effects were carried out, is lost",
                    ""),
            new PlantedBug(
                    "a snapshot says one line more than it has",
                    JOURNAL + "AppendingWriter.java",
                    "new Snapshot(seq, epoch, state)",
                    "new Snapshot(seq + 1, epoch, state)",
                    "the first line after the snapshot is skipped",
                    ""),
            new PlantedBug(
                    "the Guardian keeps what was detached",
                    CORE + "Follower.java",
                    """
                                seen.remove(unwatch.process());
                                watching.unwatch(unwatch.process());
                    """,
                    """
                                seen.remove(unwatch.process());
                    """,
                    "its descriptors grow with each detach",
                    "NothingIsLeft"),
            new PlantedBug(
                    "a HAM that hangs is not fenced",
                    GUARDIAN + "Standby.java",
                    "if (left <= 0 && !fenced) {",
                    "if (left <= -Long.MAX_VALUE && !fenced) {",
                    "a HAM that lives and does nothing is never replaced",
                    "ComesToRest"),
            new PlantedBug(
                    "the lock is enough to lead",
                    GUARDIAN + "RoleKeeper.java",
                    "if (word.reserve()) {",
                    "if (word.reserve() || tries >= 0) {",
                    "one leads by the lock while another leads by the word",
                    "OneLeads"),
            new PlantedBug(
                    "only a Guardian that has beaten is kept",
                    GUARDIAN + "GuardianKeeper.java",
                    "if (pid == 0 || pid == role.pid()) {",
                    "if (pid == 0 || role.page().read(BeatPage.Line.GUARDIAN).count() == 0) {",
                    "a core that is replaced soon after a start leaves a second Guardian (this one was real)",
                    "OneLeads"),
            new PlantedBug(
                    "requests that wait are dropped without a word",
                    CORE + "Leader.java",
                    """
                            work(mailbox.size());
                            members.clear();
                    """,
                    """
                            for (var left = mailbox.size(); left > 0; left--) {
                                mailbox.poll();
                            }
                            members.clear();
                    """,
                    "clients wait for ever when the core is replaced",
                    "ComesToRest"),
            new PlantedBug(
                    "a detector that comes is told nothing",
                    CORE + "Monitors.java",
                    "guarded(monitor, m -> m.monitor(what));\n            }",
                    "what.entity();\n            }",
                    "beats of all that runs already are not watched",
                    "StateIsSound"),
            new PlantedBug(
                    "a death is told twice",
                    ENGINE + "Lifecycle.java",
                    """
                        .put("boot", process.boot()));
                        step.effect(new Effect.Unwatch(process));
                    """,
                    """
                        .put("boot", process.boot()));
                        step.tell(Line.of("death").entity(entity.name()).pid(process.pid()).reason(input.reason())
                                .put("inode", process.inode()));
                        step.effect(new Effect.Unwatch(process));
                    """,
                    "who counts deaths counts one too many",
                    "DeathsAreTold"),
            new PlantedBug(
                    "a process that exits with 0 is not said to be dead",
                    CORE + "Watching.java",
                    "host.watch(process, reason -> listener.died(entity, process, reason));",
                    """
                        host.watch(process, reason -> {
                            if (reason.isAbnormal()) {
                                listener.died(entity, process, reason);
                            }
                        });
                    """,
                    "its death stands nowhere, and it is said to run",
                    "DeathsAreTold"),
            new PlantedBug(
                    "a restart is forgotten once it was carried out",
                    ENGINE + "Lifecycle.java",
                    ".filter(a -> a.rearms(condition.type().isDeath()))",
                    ".filter(a -> a.rearms(condition.type().isDeath()) && !a.restarts())",
                    "the second death of an entity is its last",
                    "SteadyOnesRun"),
            new PlantedBug(
                    "an id counts steps and not lines",
                    ENGINE + "Step.java",
                    "return state.instance() + \"-\" + nextSeq();",
                    "return state.instance() + \"-\" + stamp.seq();",
                    "two actions that one event begins have the same id",
                    "IdsAreUnique"),
            new PlantedBug(
                    "a line that the disk does not take is dropped",
                    JOURNAL + "AppendingWriter.java",
                    "backlog.add(batch);",
                    "batch.firstSeq();",
                    "it is missing although nothing says so",
                    ""),
            new PlantedBug(
                    "a line names itself as its cause",
                    ENGINE + "Lanes.java",
                    """
                        .pid(trigger.pid())
                        .cause(trigger.seq())
                    """,
                    """
                        .pid(trigger.pid())
                        .cause(step.nextSeq())
                    """,
                    "who follows causes goes round in a circle",
                    "LinesAreWhole"),
            new PlantedBug(
                    "an outcome that nobody waits for any more is taken in",
                    ENGINE + "Engine.java",
                    "case Input.Finished finished -> laneOf(state, finished) == null;",
                    "case Input.Finished finished -> false;",
                    "the lane it is of is gone",
                    "NothingThrows"),
            new PlantedBug(
                    "a successor does not wait until the word is let go",
                    GUARDIAN + "LeaderWord.java",
                    "return own;",
                    "return true;",
                    "in a hand-over two lead for a moment",
                    "OneLeads"),
            new PlantedBug(
                    "a new HAM does not have its Guardian replaced",
                    GUARDIAN + "Upgrader.java",
                    "keeper.replace(ready.standing(), () -> succeeded(allRun));",
                    "succeeded(allRun);",
                    "two stand by, and the one that counts is of the old distribution",
                    ""),
            new PlantedBug(
                    "an upgrade to a new HAM starts what runs already",
                    GUARDIAN + "Distribution.java",
                    "command.set(0, node().toString());",
                    "node();",
                    "it is said to have gone well, and nothing is new",
                    "UpgradesEnd"),
            new PlantedBug(
                    "an upgrade whose HAM died is forgotten",
                    GUARDIAN + "Upgrader.java",
                    "mirror.upgrade().ifPresent(upgrade -> errands.add(() -> resume(upgrade)));",
                    "mirror.upgrade();",
                    "it is under way for ever, and no other can begin",
                    "ComesToRest"));

    @Override
    public String toString() {
        return name;
    }

    /** The source with the bug in it. How lines are broken does not count. */
    String in(String source) {
        var found = Pattern.compile(Stream.of(text.strip().split("\\s+"))
                        .map(Pattern::quote)
                        .collect(Collectors.joining("\\s+")))
                .matcher(source);
        if (!found.find() || found.results().findAny().isPresent()) {
            throw new AssertionError(
                    name + ": the text to be replaced does not stand exactly once in " + file + "; plant it anew");
        }
        return found.replaceFirst(Matcher.quoteReplacement(planted));
    }
}
