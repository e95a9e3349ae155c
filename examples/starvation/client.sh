#!/bin/sh
# Starts the client on the first processor that it may use. It lowers its priority itself, when it is ready.
set -eu
cpu=$(taskset -cp $$ | sed -e 's/.*: *//' -e 's/[,-].*//')
exec taskset -c "$cpu" "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -cp "$HAM_HOME/bundles/*" Client.java
