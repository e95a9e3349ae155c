#!/bin/sh
# Kills the store of this example at the HAM at HAM_RUN_DIR and checks that every step of its recovery comes in its turn, and what
# happens when one fails; ends with 0 when all is as it should be. HAM may name another ham command.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
ham=${HAM:-"$here/../../ham"}
: "${HAM_RUN_DIR:?set HAM_RUN_DIR to the run-dir of a running HAM}"
export HAM_RUN_DIR
cd "$HAM_RUN_DIR"

fail() {
    echo "FAILED: $*" >&2
    "$ham" tree >&2 || true
    "$ham" events >&2 || true
    exit 1
}

# The first number of that name in what `ham tree --json` says of one entity.
number() { "$ham" tree "$1" --json | sed -n -e 's/^{"entities":\[//' -e 's/^[^[]*"'"$2"'":\([0-9][0-9]*\).*/\1/p'; }

# Waits, for 90 s at the most, until a command of this script succeeds.
await() {
    what=$1
    shift
    tries=300
    until "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || fail "$what"
        sleep 0.3
    done
}
has_process() { [ -n "$(number "$1" pid)" ]; }
was_restarted() { has_process "$1" && [ "$(number "$1" pid)" != "$2" ]; }
has_read() { [ -s reader.seen ] && cmp -s reader.seen store/index.html; }
# Which actions of the store's condition have ended since a line of the journal, in their order.
ended() {
    "$ham" events --json --since "$1" |
        sed -n -e '/"entity":"store","condition":"died"/!d' -e '/"failItem"/d' \
            -e 's/.*"type":"action-\(done\|failed\)".*"action":"\([a-z]*\)".*/\2-\1/p' | tr '\n' ' '
}
now() { "$ham" events --json | tail -n 1 | sed 's/^{"seq":\([0-9]*\).*/\1/'; }
has_ended() { [ "$(ended "$1")" = "$2 " ]; }

echo "1. Store and reader run"
await "the store does not run" has_process store
await "the reader does not run" has_process reader
await "the store does not get ready" test -s store.ready
await "the reader reads nothing" has_read
echo "   the store is at $(cat store.ready)"

echo "2. The store dies: its index is made anew and its reader started anew, when it is ready and not before"
seq=$(now)
old=$(number store pid)
reader=$(number reader pid)
kill -9 "$old"
await "not all steps were done: $(ended "$seq")" has_ended "$seq" \
    "clear-done restart-done ready-done index-done reader-done"
was_restarted store "$old" || fail "the store was not restarted"
await "the reader was not restarted" was_restarted reader "$reader"
await "the reader does not read the new index" has_read
"$ham" why store | sed 's/^/   /'

echo "3. It starts and does not get ready: the fail items run and the other steps do not"
touch store.broken
seq=$(now)
old=$(number store pid)
reader=$(number reader pid)
index=$(cat store/index.html)
kill -9 "$old"
await "the wait did not fail: $(ended "$seq")" has_ended "$seq" "clear-done restart-done ready-failed"
await "the fail items did not run" test -e store.late
[ "$(cat store/index.html)" = "$index" ] || fail "the index was made though the store was not ready"
[ "$(number reader pid)" = "$reader" ] || fail "the reader was killed though the store was not ready"
rm -f store.broken store.late

echo "4. It is mended: one death more, and all is well"
seq=$(now)
kill -9 "$(number store pid)"
await "not all steps were done: $(ended "$seq")" has_ended "$seq" \
    "clear-done restart-done ready-done index-done reader-done"
await "the reader does not read the new index" has_read
echo "All as it should be."
