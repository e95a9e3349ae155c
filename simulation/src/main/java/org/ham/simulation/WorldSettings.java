package org.ham.simulation;

import org.ham.journal.Journal;
import org.ham.journal.JournalSettings;
import org.ham.journal.SimulatedDisk;

/**
 * What one seed plays with: sizes that make rare things common, and how often each kind of fault comes. Immutable.
 *
 * @param keepsAll whether no line is ever deleted, so that all can be folded again
 * @param nodeDeaths once in how many steps a node of HAM is doomed
 * @param diskFaults once in how many steps the disk gets worse or better
 * @param others once in how many steps something else happens: stalls, bundles, clocks, launchers
 * @param upgrades once in how many steps somebody upgrades HAM
 * @param entityDeaths once in how many steps a supervised process dies
 */
record WorldSettings(
        long segmentBytes,
        int keepSegments,
        int backlogBatches,
        int invocations,
        boolean keepsAll,
        int nodeDeaths,
        int diskFaults,
        int others,
        int upgrades,
        int entityDeaths) {
    private static final int NEVER = Integer.MAX_VALUE;

    static WorldSettings draw(Dice dice) {
        var keepsAll = dice.oneIn(3);
        return new WorldSettings(
                2_000 + dice.below(30_000),
                keepsAll ? 1_000_000 : 1 + dice.below(4),
                dice.oneIn(3) ? 3 + dice.below(20) : 4096,
                dice.oneIn(4) ? 1 + dice.below(3) : 1_000,
                keepsAll,
                often(dice, 40, 150, 500),
                dice.oneIn(2) ? NEVER : often(dice, 60, 300, 1_000),
                often(dice, 40, 150, 500),
                dice.oneIn(3) ? NEVER : often(dice, 60, 200, 600),
                often(dice, 8, 20, 60));
    }

    private static int often(Dice dice, int much, int some, int little) {
        return switch (dice.below(4)) {
            case 0 -> much;
            case 1, 2 -> some;
            default -> little;
        };
    }

    Journal journal(SimulatedDisk disk, SimulatedDisk.Toucher toucher) {
        return disk.journal(
                World.RUN_DIR.resolve("journal"),
                new JournalSettings(SimulatedKernel.BOOT, segmentBytes, keepSegments, backlogBatches),
                toucher);
    }
}
