package org.ham.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What one node has to do outside its loop: executors, threads of actions, deadlines. In the order it was asked for. */
final class Jobs {
    /** One at a time and in order within a queue; those of the empty name run beside everything else. */
    static final class Job {
        final String queue;
        final String name;
        final Runnable what;
        long due;

        Job(String queue, String name, Runnable what, long due) {
            this.queue = queue;
            this.name = name;
            this.what = what;
            this.due = due;
        }

        @Override
        public String toString() {
            return queue.isEmpty() ? name : queue;
        }
    }

    private final Node node;
    private final List<Job> all = new ArrayList<>();

    Jobs(Node node) {
        this.node = node;
    }

    Job add(String queue, String name, long afterNanos, Runnable what) {
        var job = new Job(queue, name, what, node.world.kernel.mono() + Math.max(0, afterNanos));
        all.add(job);
        return job;
    }

    void start(String name, Runnable what) {
        add("", name, 0, what);
    }

    void remove(Job job) {
        all.remove(job);
    }

    /** An executor ends, with what waits in it. */
    void drop(String queue) {
        all.removeIf(job -> job.queue.equals(queue));
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    List<Job> all() {
        return all;
    }

    /** What can run now. */
    void due(long now, List<Job> into) {
        Set<String> busy = null;
        for (var i = 0; i < all.size(); i++) {
            var job = all.get(i);
            if (job.due > now) {
                continue;
            }
            if (!job.queue.isEmpty()) {
                busy = busy == null ? new HashSet<>() : busy;
                if (!isFirst(job, i) || !busy.add(job.queue)) {
                    continue;
                }
            }
            into.add(job);
        }
    }

    private boolean isFirst(Job job, int index) {
        for (var i = 0; i < all.size(); i++) {
            var other = all.get(i);
            if (other.queue.equals(job.queue) && (other.due < job.due || other.due == job.due && i < index)) {
                return false;
            }
        }
        return true;
    }

    /** When something can run, {@link Long#MAX_VALUE} for never. */
    long next() {
        var next = Long.MAX_VALUE;
        for (var job : all) {
            next = Math.min(next, job.due);
        }
        return next;
    }
}
