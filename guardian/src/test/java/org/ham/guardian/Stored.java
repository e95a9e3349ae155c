package org.ham.guardian;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What two versions of HAM have in common while one hands over to the other, as a version left it. Stateless. */
final class Stored {
    /** Said when a test finds that this version does it otherwise. */
    static final String MEANING = """
            While one HAM hands over to another, both versions use this at once: the old Guardian and HAM read what the new \
            ones write, and the other way round. What differs from the stored data ends 'ham upgrade' from and to every version \
            before. Where it cannot be helped: raise the version in the page, so that such an upgrade is refused and rolled back \
            with that reason; say so in docs/upgrade.md; leave the stored file as it is and store another beside it.\
            """;

    private static final Path ALL = Path.of("src/test/resources/stored");

    private Stored() {}

    /** Puts a stored file where it belongs and returns its bytes. */
    static byte[] copy(String name, Path to) throws IOException {
        Files.copy(ALL.resolve(name), to);
        return Files.readAllBytes(to);
    }

    /** The text of a stored file. */
    static String text(String name) throws IOException {
        return Files.readString(ALL.resolve(name));
    }
}
