#!/bin/sh
# Starts Monitor.java at the HAM at HAM_RUN_DIR, lets things happen to an entity, and checks what the monitor was told; ends with 0
# when all is as it should be. HAM may name another ham command, HAM_BUNDLES the folder with HAM's jars.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
ham=${HAM:-"$here/../../ham"}
bundles=${HAM_BUNDLES:-$(echo "$here"/../../dist/target/ham-*/bundles)}
: "${HAM_RUN_DIR:?set HAM_RUN_DIR to the run-dir of a running HAM}"
export HAM_RUN_DIR
entity=notified-$$
folder=$(mktemp -d)
told=$folder/told
pids=

tidy() {
    "$ham" detach "$entity" >/dev/null 2>&1 || true
    for pid in $pids; do
        kill -9 "$pid" 2>/dev/null || true
    done
    rm -rf "$folder"
}
trap tidy EXIT
trap 'exit 1' INT TERM

fail() {
    echo "FAILED: $*; the monitor printed:" >&2
    cat "$told" >&2
    "$ham" tree "$entity" >&2 || true
    exit 1
}
number() { "$ham" tree "$1" --json 2>/dev/null | sed -n -e 's/^{"entities":\[//' -e 's/^[^[]*"'"$2"'":\([0-9][0-9]*\).*/\1/p'; }

# Waits, for 60 s at the most, until a command of this script succeeds.
await() {
    what=$1
    shift
    tries=600
    until "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || fail "$what"
        sleep 0.1
    done
}
prints() { grep -q "$1" "$told"; }
codes() { sed -n 's/^code \([0-9]*\) .*/\1/p' "$told" | tr '\n' ' '; }
has_process() { [ -n "$(number "$entity" pid)" ]; }

echo "1. The monitor listens before there is anything to hear"
mkfifo "$folder/in"
java --enable-native-access=ALL-UNNAMED -cp "$bundles/*" "$here/Monitor.java" "$entity" <"$folder/in" >"$told" 2>&1 &
monitor=$!
pids=$monitor
exec 3>"$folder/in"
await "the monitor does not listen" prints '^listening'

echo "2. A daemon comes to the name"
"$ham" attach "$entity" -- sleep 600
await "no pulse for the attach" prints '^code 4 value 100: attach'
"$ham" condition add "$entity" died death rearm
"$ham" action add "$entity/died" restart restart rearm
pids="$pids $(number "$entity" pid)"

echo "3. It dies and is restarted; one is told five seconds later and holds up nobody"
kill -9 "$(number "$entity" pid)"
await "no pulse for the death" prints '^code 1 value 100: death .*SIGKILL'
await "no pulse for the restart" prints '^code 2 value 100: restart'
await "no late pulse" prints '^code 5 value 100: death'
await "the daemon is not back" has_process
pids="$pids $(number "$entity" pid)"

echo "4. Somebody detaches it"
"$ham" detach "$entity"
await "no pulse for the detach" prints '^code 3 value 100: detach'
sed 's/^/   /' "$told"
[ "$(codes)" = "4 1 2 5 3 " ] || fail "the codes came as $(codes)"
exec 3>&-
wait "$monitor" || fail "the monitor ended with $?"
echo "All as it should be."
