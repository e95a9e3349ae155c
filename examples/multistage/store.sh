#!/bin/sh
# The store: serves a folder by HTTP at a port that the kernel chooses. When it serves, store.ready holds its address.
set -eu
cd "$HAM_RUN_DIR"
mkdir -p store
: >store.out
# For the example: a store that starts and does not get ready.
if [ ! -e store.broken ]; then
    (
        tries=600
        until address=$(sed -n 's/^URL //p' store.out) && [ -n "$address" ]; do
            tries=$((tries - 1))
            [ "$tries" -gt 0 ] || exit 1
            sleep 0.1
        done
        echo "$address" >store.ready.new
        mv store.ready.new store.ready
    ) &
fi
exec jwebserver -b 127.0.0.1 -p 0 -d "$HAM_RUN_DIR/store" >store.out 2>&1
