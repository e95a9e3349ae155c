package org.ham.journal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Takes files that are not of this boot's journal out of the way. Immutable. */
final class Aside {
    /** How many boots are kept. */
    static final int MOST = 2;

    private static final String PREFIX = "boot-";

    private final Disk disk;
    private final Path dir;
    private final String bootId;

    Aside(Disk disk, Path dir, String bootId) {
        this.disk = disk;
        this.dir = dir;
        this.bootId = bootId;
    }

    /**
     * Moves segments and snapshots of other boots into a folder of their own, and renames segments that are none. Each
     * file by itself, so that a crash in between leaves the rest for the next time.
     */
    void move(Consumer<String> findings) throws IOException {
        var boots = new ArrayList<String>();
        var files = new ArrayList<>(List.of(dir.resolve(Segments.SNAPSHOT), dir.resolve(Segments.PREDECESSOR)));
        for (var first : Segments.list(disk, dir)) {
            files.add(Segments.path(dir, first));
        }
        for (var file : files) {
            try {
                var boot = bootOf(file);
                if (!boot.equals(bootId)) {
                    var folder = dir.resolve(PREFIX + safe(Journal.brief(boot)));
                    disk.createDirectories(folder);
                    disk.rename(file, folder.resolve(String.valueOf(file.getFileName())));
                    if (!boots.contains(boot)) {
                        boots.add(boot);
                        findings.accept("the journal of another boot of the machine (" + Journal.brief(boot)
                                + ") was set aside to " + folder);
                    }
                }
            } catch (NoSuchFileException e) {
                // Nothing to move.
            } catch (BadFileException e) {
                if (String.valueOf(file.getFileName()).endsWith(".log")) {
                    var name = file.resolveSibling(file.getFileName() + Segments.UNREADABLE);
                    disk.rename(file, name);
                    findings.accept(file + " cannot be read: " + e.getMessage() + "; it was renamed to " + name);
                }
            }
        }
        if (!boots.isEmpty()) {
            forgetOldest(findings);
        }
    }

    private String bootOf(Path file) throws IOException, BadFileException {
        if (!String.valueOf(file.getFileName()).endsWith(".log")) {
            var boot = SnapshotHead.read(disk, file).bootId();
            // All of it is read only when it matters: one of seven megabytes would hold up a takeover.
            return boot.equals(bootId) ? boot : SnapshotHead.proven(disk, file).bootId();
        }
        try (var opened = disk.open(file, false)) {
            return SegmentHeader.read(opened).bootId();
        }
    }

    private static String safe(String name) {
        return name.replaceAll("[^0-9A-Za-z]", "_");
    }

    private void forgetOldest(Consumer<String> findings) throws IOException {
        var folders = new ArrayList<>(disk.list(dir).stream()
                .filter(name -> name.startsWith(PREFIX))
                .map(dir::resolve)
                .toList());
        folders.sort(java.util.Comparator.comparingLong(disk::modified).reversed());
        for (var folder : folders.subList(Math.min(MOST, folders.size()), folders.size())) {
            for (var name : disk.list(folder)) {
                disk.delete(folder.resolve(name));
            }
            disk.delete(folder);
            findings.accept(folder + " was deleted: " + MOST + " journals of earlier boots are kept");
        }
    }
}
