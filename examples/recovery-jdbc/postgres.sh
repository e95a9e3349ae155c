#!/bin/sh
# Becomes a PostgreSQL over a folder, which is made when it is not there: postgres.sh FOLDER. Its port, a free one, is in FOLDER.port.
# Started by root it runs as postgres, for it refuses root.
set -eu

data=$1
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
cd /

as=
if [ "$(id -u)" = 0 ]; then
    as="setpriv --reuid=postgres --regid=postgres --init-groups"
fi

if [ ! -f "$data/PG_VERSION" ]; then
    rm -rf "$data"
    mkdir -m 700 "$data"
    [ -z "$as" ] || chown postgres: "$data"
    $as "$bin/initdb" -D "$data" -U teller -A trust
fi
if [ ! -s "$data.port" ]; then
    port=$(shuf -i 20000-29999 -n 1)
    while grep -q "$(printf ':%04X ' "$port")" /proc/net/tcp; do
        port=$(shuf -i 20000-29999 -n 1)
    done
    echo "$port" >"$data.port"
fi
exec $as "$bin/postgres" -D "$data" -p "$(cat "$data.port")" -c listen_addresses=127.0.0.1 -c unix_socket_directories=
