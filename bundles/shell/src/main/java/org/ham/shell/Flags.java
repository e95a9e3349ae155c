package org.ham.shell;

/** Flags are plain words, and may be written with hyphens in front. */
final class Flags {
    private Flags() {}

    static String plain(String word) {
        return word.startsWith("--") ? word.substring(2) : word;
    }
}
