package org.ham.cluster;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a node listens. Immutable.
 *
 * @param host a name or an IP address; IPv6 without brackets
 * @param port 0 for any free one, to listen on
 */
record Address(String host, int port) {
    private static final Pattern WRITTEN = Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^\\[\\]:/=,\\s]+)):(\\d{1,5})");

    /** Reads {@code HOST:PORT} or {@code [IPV6]:PORT}; empty when it is neither. */
    static Optional<Address> parse(String text) {
        var match = WRITTEN.matcher(text.strip());
        if (!match.matches() || Integer.parseInt(match.group(3)) > 65_535) {
            return Optional.empty();
        }
        var six = match.group(1);
        return Optional.of(new Address(six == null ? match.group(2) : six, Integer.parseInt(match.group(3))));
    }

    /** Looks the name up. */
    InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
