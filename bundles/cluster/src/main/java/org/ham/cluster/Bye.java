package org.ham.cluster;

import java.io.IOException;
import org.ham.api.HamException;
import org.ham.linux.LinuxException;
import org.ham.linux.UnixConnection;
import org.ham.wire.Calls;
import org.ham.wire.Message;

/** The last line of a connection that is not served. Stateless. */
final class Bye {
    private Bye() {}

    static byte[] line(HamException why) {
        return Message.notice("bye", new Calls.Bye(why.code().errno(), String.valueOf(why.getMessage())));
    }

    /** Says it to a program here; whoever calls closes. */
    static void say(UnixConnection connection, HamException why) {
        try {
            connection.out().write(line(why));
        } catch (IOException | LinuxException _) {
            // Gone already.
        }
    }
}
