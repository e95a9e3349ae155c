#!/bin/sh
# Starts the client on the first processor that it may use, at the lowest priority: what matters little, and has to answer all the same.
set -eu
cpu=$(taskset -cp $$ | sed -e 's/.*: *//' -e 's/[,-].*//')
# Where the kernel shares processors among sessions, priorities count within one only, and this is the session's own.
{ echo 19 >/proc/self/autogroup; } 2>/dev/null || true
exec taskset -c "$cpu" nice -n 19 "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -cp "$HAM_HOME/bundles/*" Client.java
