#!/bin/sh
# Restart with and without rearm, attach and detach by different processes, against the HAM at HAM_RUN_DIR.
# Checks what comes of it; ends with 0 when all is as it should be. HAM may name another ham command.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
ham=${HAM:-"$here/../../ham"}
: "${HAM_RUN_DIR:?set HAM_RUN_DIR to the run-dir of a running HAM}"
export HAM_RUN_DIR
prefix=restart-example-$$
inet=$prefix-inet
once=$prefix-once
nap=$prefix-nap
pids=

tidy() {
    for entity in "$inet" "$once" "$nap"; do
        "$ham" detach "$entity" >/dev/null 2>&1 || true
    done
    for pid in $pids; do
        kill -9 "$pid" 2>/dev/null || true
    done
}
trap tidy EXIT
trap 'exit 1' INT TERM

fail() {
    echo "FAILED: $*" >&2
    "$ham" tree >&2 || true
    exit 1
}

# What `ham tree --json` says of one entity; empty when there is none of that name.
entity() { "$ham" tree "$1" --json 2>/dev/null || true; }
# The first number of that name, which is the entity's own: those of its conditions stand in the list after it.
number() { entity "$1" | sed -n -e 's/^{"entities":\[//' -e 's/^[^[]*"'"$2"'":\([0-9][0-9]*\).*/\1/p'; }
has_condition() { entity "$1" | grep -q '"conditions":\[{'; }

# Waits, for 20 s at the most, until a command of this script succeeds.
await() {
    what=$1
    shift
    tries=200
    until "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || fail "$what"
        sleep 0.1
    done
}
has_process() { [ -n "$(number "$1" pid)" ]; }
was_restarted() { [ "$(number "$1" restarts)" = "$2" ] && has_process "$1" && [ "$(number "$1" pid)" != "$3" ]; }
is_gone() { [ -z "$(entity "$1")" ]; }

start() {
    "$ham" attach "$1" -- jwebserver -b 127.0.0.1 -p 0
    await "$1 has not started" has_process "$1"
    pids="$pids $(number "$1" pid)"
}

echo "1. A daemon that comes back each time"
start "$inet"
"$ham" condition add "$inet" death death rearm
"$ham" action add "$inet/death" restart restart rearm
for round in 1 2 3; do
    old=$(number "$inet" pid)
    kill -9 "$old"
    await "$inet was not restarted the ${round}. time" was_restarted "$inet" "$round" "$old"
    pids="$pids $(number "$inet" pid)"
    has_condition "$inet" || fail "the condition of $inet has gone"
    echo "   death of $old, restart $round as $(number "$inet" pid)"
done
"$ham" why "$inet" | sed 's/^/   /'

echo "2. Without rearm it comes back once"
start "$once"
"$ham" condition add "$once" death death
"$ham" action add "$once/death" restart restart
old=$(number "$once" pid)
kill -9 "$old"
await "$once was not restarted" was_restarted "$once" 1 "$old"
new=$(number "$once" pid)
pids="$pids $new"
if has_condition "$once"; then fail "the condition of $once is still there"; fi
kill -9 "$new"
await "$once is still in the tree" is_gone "$once"
echo "   restarted once, then gone"

echo "3. Attached by one process, detached by another"
sleep 600 &
sleeper=$!
pids="$pids $sleeper"
( "$ham" attach "$nap" --pid "$sleeper" )
await "$nap has no process" has_process "$nap"
[ "$(number "$nap" pid)" = "$sleeper" ] || fail "$nap is not process $sleeper"
( "$ham" detach "$nap" )
( "$ham" detach "$inet" )
is_gone "$nap" || fail "$nap is still there"
is_gone "$inet" || fail "$inet is still there"
kill -0 "$sleeper" || fail "process $sleeper did not survive the detach"
if "$ham" detach "$nap" 2>/dev/null; then
    fail "detaching $nap twice was not refused"
fi
echo "   detached; process $sleeper lives on"
echo "All as it should be."
