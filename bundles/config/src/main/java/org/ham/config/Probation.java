package org.ham.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** Updates of HAM's bundles after which not yet all has come up, and how they are taken back when it does not. Thread-safe. */
final class Probation {
    /** How the distribution installs its bundles. */
    private static final String OF_THE_DISTRIBUTION = "reference:";

    private final PluginHealth health;
    private final Alarms alarms;

    /** Those that were updated since all was well. */
    private final Set<Bundle> updated = ConcurrentHashMap.newKeySet();

    /** Those that are just being taken back. */
    private final Set<Bundle> leaving = ConcurrentHashMap.newKeySet();

    Probation(PluginHealth health, Alarms alarms) {
        this.health = health;
        this.alarms = alarms;
    }

    /** A bundle was updated; what does not belong to HAM is its owner's affair, and plug-ins are looked after elsewhere. */
    void begin(Bundle bundle) {
        if (isOurs(bundle) && !leaving.contains(bundle)) {
            updated.add(bundle);
        }
    }

    private static boolean isOurs(Bundle bundle) {
        var name = bundle.getSymbolicName();
        return bundle.getLocation().startsWith(OF_THE_DISTRIBUTION) || name != null && name.startsWith(PluginJars.OURS);
    }

    /** What is wrong with those that run. Components of a Guardian wait for the HAM, and are not judged. */
    Optional<String> problem() {
        return alarms.isHam()
                ? updated.stream()
                        .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                        .flatMap(bundle -> health.problem(bundle).stream())
                        .findFirst()
                : Optional.empty();
    }

    /** All is well. */
    void pass() {
        updated.forEach(bundle -> alarms.tell(source(bundle), ""));
        updated.clear();
    }

    /** The time is over: they are taken back one after the other, if anything is wrong with them or was left behind. */
    void fail(Optional<String> leftBehind) {
        var why = problem().or(() -> leftBehind);
        for (var bundle : List.copyOf(updated)) {
            updated.remove(bundle);
            if (why.isPresent() && bundle.getState() != Bundle.UNINSTALLED) {
                takeBack(bundle, why.get());
            }
        }
    }

    /** To what it was installed from. */
    private void takeBack(Bundle bundle, String why) {
        var failed =
                "the update of " + bundle.getSymbolicName() + " to " + bundle.getVersion() + " did not come up: " + why;
        leaving.add(bundle);
        try {
            bundle.update();
            alarms.tell(
                    source(bundle),
                    failed + ". Version " + bundle.getVersion()
                            + ", with which HAM was started, runs again; mend the new one and update again");
        } catch (BundleException | IllegalStateException e) {
            alarms.tell(
                    source(bundle),
                    failed + ", and cannot be taken back: " + PluginHealth.reason(e)
                            + ". Update it to a version that works, or stop and start HAM");
        } finally {
            leaving.remove(bundle);
        }
    }

    private static String source(Bundle bundle) {
        return "update:" + bundle.getSymbolicName();
    }
}
