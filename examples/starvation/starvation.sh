#!/bin/sh
# Lets a hog starve the client of this example at the HAM at HAM_RUN_DIR that runs this folder, and checks that the hog is killed
# and the client well again; ends with 0 when all is as it should be. HAM may name another ham command.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
ham=${HAM:-"$here/../../ham"}
: "${HAM_RUN_DIR:?set HAM_RUN_DIR to the run-dir of a running HAM}"
export HAM_RUN_DIR

if [ "$(nproc)" -lt 2 ]; then
    echo "Needs two processors: one to starve the client on, one for everything else." >&2
    exit 1
fi

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
beats() { "$ham" tree client | grep -q 'heartbeat ok'; }
now() { "$ham" events --json | tail -n 1 | sed 's/^{"seq":\([0-9]*\).*/\1/'; }
# Whether the journal has such a line of an entity since a line.
happened() { "$ham" events --json --since "$1" | grep "\"type\":\"$2\"" | grep -q "\"entity\":\"$3\""; }
has_process() { [ -n "$(number "$1" pid)" ]; }
has_no_process() { [ -z "$(number "$1" pid)" ]; }

echo "1. The client attaches itself and beats"
await "the client does not attach itself" beats
await "the client does not beat" grep -q '^beating' "$HAM_RUN_DIR/log/client.log"
client=$(number client pid)

echo "2. A hog takes the client's processor"
seq=$(now)
"$ham" attach hog -- sh "$here/hog.sh"
await "the client is not missed" happened "$seq" heartbeat-missed-high client

echo "3. The client is missed, and the hog killed"
await "the hog is not killed" has_no_process hog
"$ham" events --json --since "$seq" | grep '"type":"death"' | grep '"entity":"hog"' | grep -q '"signal":"SIGKILL"' ||
    fail "the hog was not killed by the HAM"
"$ham" why hog | sed 's/^/   /'

echo "4. The client beats again and is well"
await "the client was not healed" happened "$seq" heartbeat-healthy client
await "the client does not beat" beats
[ "$(number client pid)" = "$client" ] || fail "the client is another process now: it was not its fault"
echo "All as it should be."
