package org.ham.spi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A socket that the HAM serves and its Guardian holds as well, so that through a takeover clients wait in it and are not
 * refused. Whoever serves one registers it as a service while it is open; a Guardian is started with its descriptor and is
 * told of it by the variable {@value #VARIABLE}.
 */
@ConsumerType
public interface HeldSocket {
    /** {@code NAME=DESCRIPTOR:INODE}, separated by commas. */
    String VARIABLE = "HAM_SOCKETS";

    /** What it is known by: letters, digits and hyphens. */
    String name();

    /** Where clients find it. */
    Path path();

    /** Its number in this process; it stays open as long as the service is registered. */
    int descriptor();

    /**
     * The number of a socket that this process was started with, if clients that come by its path still get to it: they do
     * not when another socket was made there since.
     *
     * @param environment of this process
     */
    static OptionalInt inherited(String name, Path path, Map<String, String> environment) {
        var entry = Pattern.compile("(?:^|,)" + Pattern.quote(name) + "=(\\d{1,7}):(\\d{1,18})(?:,|$)")
                .matcher(environment.getOrDefault(VARIABLE, ""));
        return entry.find() && Long.parseLong(entry.group(2)) == inode(path)
                ? OptionalInt.of(Integer.parseInt(entry.group(1)))
                : OptionalInt.empty();
    }

    /** The inode of a socket's file, 0 when there is none. */
    static long inode(Path path) {
        try {
            return ((Number) Files.getAttribute(path, "unix:ino")).longValue();
        } catch (IOException e) {
            return 0;
        }
    }
}
