#!/bin/sh
# Lets Teller.java pay into an account of the PostgreSQL of this example, at the HAM at HAM_RUN_DIR that runs this folder, kills
# the database three times meanwhile, and checks that everything was paid once and no error was seen; ends with 0 when all is as it
# should be. PGJDBC names the driver's jar, DATA the database's folder if the entity file was changed; HAM may name another ham command,
# HAM_BUNDLES the folder with HAM's jars.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
ham=${HAM:-"$here/../../ham"}
bundles=${HAM_BUNDLES:-$(echo "$here"/../../dist/target/ham-*/bundles)}
data=${DATA:-/tmp/ham-recovery-jdbc-data}
: "${HAM_RUN_DIR:?set HAM_RUN_DIR to the run-dir of a running HAM}"
: "${PGJDBC:?set PGJDBC to the jar of the PostgreSQL JDBC driver}"
export HAM_RUN_DIR
folder=$(mktemp -d)
teller=

tidy() {
    [ -z "$teller" ] || kill "$teller" 2>/dev/null || true
    rm -rf "$folder"
}
trap tidy EXIT
trap 'exit 1' INT TERM

fail() {
    echo "FAILED: $*; the teller said:" >&2
    tail -30 "$folder/said" >&2 || true
    "$ham" tree postgres >&2 || true
    exit 1
}
number() { "$ham" tree postgres --json 2>/dev/null | sed -n -e 's/^{"entities":\[//' -e 's/^[^[]*"'"$1"'":\([0-9][0-9]*\).*/\1/p'; }
reports() { grep -c '^at ' "$folder/said" || true; }

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
has_a_process() { [ -n "$(number pid)" ]; }
listens() { [ -s "$data.port" ] && grep -q "$(printf ':%04X 00000000:0000 0A' "$(cat "$data.port")")" /proc/net/tcp; }
recoveries() { grep -c 'postgres: back after' "$folder/said" || true; }
came_back() {
    kill -0 "$teller" 2>/dev/null || fail "the teller has ended"
    [ "$(recoveries)" -gt "$1" ]
}
got_on() {
    kill -0 "$teller" 2>/dev/null || fail "the teller has ended"
    [ "$(reports)" -gt "$1" ]
}

echo "1. The database is there, and the teller begins"
touch "$folder/said"
await "there is no database" has_a_process
await "the database does not listen" listens
mkfifo "$folder/in"
java -cp "$bundles/*:$PGJDBC" "$here/Teller.java" "$data.port" <"$folder/in" 2>"$folder/said" &
teller=$!
exec 3>"$folder/in"
await "nothing is paid" got_on 0

for part in 2 3 4; do
    await "the database has no process" has_a_process
    before=$(reports)
    echo "$part. The database is killed after $(tail -1 "$folder/said")"
    back=$(recoveries)
    kill -9 "$(number pid)" || true
    # Its children may go on for a moment before they notice, and the teller with them.
    await "the connection does not come back" came_back "$back"
    await "nothing is paid any more" got_on $((before + 2))
done
exec 3>&-
wait "$teller" || fail "the teller ended with $?"
teller=

echo "5. Everything was paid once, and no error was seen"
tail -3 "$folder/said"
paid=$(sed -n 's/^paid \([0-9]*\) balance .*/\1/p' "$folder/said")
grep -q "^paid $paid balance $paid\$" "$folder/said" || fail "the balance is not what was paid"
grep -q '^errors 0 ' "$folder/said" || fail "an error was seen"
grep -Eq '^recoveries ([3-9]|[1-9][0-9])' "$folder/said" || fail "there were not three recoveries"
echo "All as it should be."
