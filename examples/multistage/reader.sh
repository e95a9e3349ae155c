#!/bin/sh
# Reads from the store at the address it had when this was started; the last it got is in reader.seen.
set -eu
cd "$HAM_RUN_DIR"
echo $$ >reader.pid
until [ -s store.ready ]; do
    sleep 0.1
done
address=$(cat store.ready)
fetch() { if command -v curl >/dev/null; then curl -sf "$1"; else wget -qO- "$1"; fi; }
while :; do
    if fetch "${address}index.html" >reader.new; then
        mv reader.new reader.seen
    fi
    sleep 0.2
done
