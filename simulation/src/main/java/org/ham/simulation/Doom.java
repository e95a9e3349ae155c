package org.ham.simulation;

/** When a node dies by itself: at the n-th point from now, or after the k-th byte it writes. */
final class Doom {
    private long points = -1;
    private long bytes = -1;

    void afterPoints(long count) {
        points = count;
    }

    void afterBytes(long count) {
        bytes = count;
    }

    boolean comes() {
        return points >= 0 && points-- == 0;
    }

    int written(int count) {
        if (bytes < 0) {
            return count;
        }
        if (bytes >= count) {
            bytes -= count;
            return count;
        }
        return (int) bytes;
    }

    void averted() {
        points = -1;
        bytes = -1;
    }
}
