#!/bin/sh
# Takes the first processor that it may use, and leaves the others alone: 32 loops at a priority as high as it may have without
# harming the machine. They end with this process, and that one after two minutes.
set -eu
cpu=$(taskset -cp $$ | sed -e 's/.*: *//' -e 's/[,-].*//')
taskset -cp "$cpu" $$ >/dev/null
renice -n -5 -p $$ >/dev/null 2>&1 || true
loops=0
while [ "$loops" -lt 32 ]; do
    # Each in a session of its own: where the kernel shares processors among sessions, one session would get the share of one.
    setsid sh -c '
        { echo -5 >/proc/self/autogroup; } 2>/dev/null
        while kill -0 "$1" 2>/dev/null; do :; done' loop $$ &
    loops=$((loops + 1))
done
sleep 120
