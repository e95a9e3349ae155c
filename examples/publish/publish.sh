#!/bin/sh
# Publishes under the name feed, as somebody who knows nothing of who listens, at the HAM at HAM_RUN_DIR that runs this folder.
# Checks what was heard; ends with 0 when all is as it should be. HAM may name another ham command.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
ham=${HAM:-"$here/../../ham"}
: "${HAM_RUN_DIR:?set HAM_RUN_DIR to the run-dir of a running HAM}"
export HAM_RUN_DIR
heard=$HAM_RUN_DIR/feed.heard
publisher=

tidy() { [ -z "$publisher" ] || kill -9 "$publisher" 2>/dev/null || true; }
trap tidy EXIT
trap 'exit 1' INT TERM

# Waits, for 60 s at the most, until these lines and no others were heard.
expect() {
    tries=600
    until [ "$(cat "$heard" 2>/dev/null | tr '\n' ' ')" = "$*${1:+ }" ]; do
        tries=$((tries - 1))
        if [ "$tries" -le 0 ]; then
            echo "FAILED: expected '$*', heard '$(tr '\n' ' ' <"$heard")'" >&2
            "$ham" tree feed >&2 || true
            exit 1
        fi
        sleep 0.1
    done
    echo "   heard: $*"
}

rm -f "$heard"
echo "1. The publisher comes: the name gets a process"
sleep 600 &
publisher=$!
"$ham" attach feed --pid "$publisher"
expect came

echo "2. It reports states"
rm -f "$heard"
for state in 1 2 9 0 0; do
    "$ham" state feed "$state"
done
# 0 to 1 is up; 1 to 2 is nothing that anybody asked for, and neither is 0 to 0.
expect up strange down

echo "3. Something is raised, by anybody"
rm -f "$heard"
"$ham" raise feed 7 1 2
"$ham" raise feed 7 5 4
"$ham" raise feed 8 1 9
expect raised severe raised raised
echo "All as it should be."
