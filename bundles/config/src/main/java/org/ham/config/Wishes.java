package org.ham.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ham.config.EntityFolder.Loaded;

/** What the files want, once it is settled which file speaks for which entity. Confined to the config thread. */
final class Wishes {
    /**
     * What a file wants of an entity.
     *
     * @param file the file
     * @param digest of its content
     * @param document what it says
     */
    record Wish(String file, String digest, EntityDocument document) {}

    private final Map<String, Wish> wanted = new TreeMap<>();
    private final Map<String, String> claims = new TreeMap<>();
    private final Map<String, List<String>> problems = new TreeMap<>();

    /** What to declare, by entity. */
    Map<String, Wish> wanted() {
        return wanted;
    }

    /** The file that speaks for an entity, by entity. */
    Map<String, String> claims() {
        return claims;
    }

    /** What is wrong, by file. */
    Map<String, List<String>> problems() {
        return problems;
    }

    /** A wrong file speaks for what its last good version declared; of two good ones the first by name counts. */
    static Wishes of(Map<String, Loaded> files, Ledger ledger) {
        var wishes = new Wishes();
        files.forEach((file, loaded) -> {
            var problems = new ArrayList<>(loaded.parsed().problems());
            for (var document : loaded.parsed().documents()) {
                var name = document.entity().name();
                var other = wishes.claims.get(name);
                if (other != null) {
                    problems.add(file + ": entity '" + name + "' stands in " + other + " already, so " + file
                            + " is refused; rename it in one of the two");
                }
            }
            if (problems.isEmpty()) {
                for (var document : loaded.parsed().documents()) {
                    wishes.claims.put(document.entity().name(), file);
                    wishes.wanted.put(document.entity().name(), new Wish(file, loaded.digest(), document));
                }
            } else {
                wishes.problems.put(file, problems);
                ledger.of(file).forEach(name -> wishes.claims.putIfAbsent(name, file));
            }
        });
        return wishes;
    }
}
