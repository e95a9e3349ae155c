#!/bin/sh
# Lets Reader.java read a file from the server of this example, at the HAM at HAM_RUN_DIR that runs this folder, kills the server
# three times meanwhile, and checks that the reader got every byte once; ends with 0 when all is as it should be. HAM may name
# another ham command, HAM_BUNDLES the folder with HAM's jars.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
ham=${HAM:-"$here/../../ham"}
bundles=${HAM_BUNDLES:-$(echo "$here"/../../dist/target/ham-*/bundles)}
: "${HAM_RUN_DIR:?set HAM_RUN_DIR to the run-dir of a running HAM}"
export HAM_RUN_DIR
folder=$(mktemp -d)
reader=

tidy() {
    [ -z "$reader" ] || kill "$reader" 2>/dev/null || true
    rm -rf "$folder"
}
trap tidy EXIT
trap 'exit 1' INT TERM

fail() {
    echo "FAILED: $*; the reader said:" >&2
    cat "$folder/said" >&2 || true
    "$ham" tree files >&2 || true
    exit 1
}
number() { "$ham" tree files --json 2>/dev/null | sed -n -e 's/^{"entities":\[//' -e 's/^[^[]*"'"$1"'":\([0-9][0-9]*\).*/\1/p'; }

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
has_another_process() {
    now=$(number pid)
    [ -n "$now" ] && [ "$now" != "$1" ]
}
said() { grep -q "^$1\$" "$folder/said"; }

echo "1. The server is there, and the reader begins"
touch "$folder/said"
await "there is no server" has_another_process none
await "the server does not listen" test -S "$HAM_RUN_DIR/files.sock"
mkfifo "$folder/in"
java -cp "$bundles/*" "$here/Reader.java" "$HAM_RUN_DIR/files.sock" Reader.java \
    <"$folder/in" >"$folder/got" 2>"$folder/said" &
reader=$!
exec 3>"$folder/in"

server=none
for part in 1 2 3; do
    await "the reader does not read" said "at $((part * 1024))"
    await "the server is not back" has_another_process "$server"
    server=$(number pid)
    echo "$((part + 1)). The server is killed while the reader is at $((part * 1024))"
    kill -9 "$server"
    printf '\n' >&3
done
exec 3>&-
wait "$reader" || fail "the reader ended with $?"
reader=

echo "5. The reader got every byte once"
cmp "$here/Reader.java" "$folder/got" || fail "what was read is not what is in the file"
# One a kill at least: a server may take the new connection while it is dying, and is recovered from once more.
said "recoveries [3-9]" || fail "there were not three recoveries"
echo "All as it should be."
