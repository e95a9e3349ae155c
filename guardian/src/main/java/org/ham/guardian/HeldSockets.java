package org.ham.guardian;

import java.util.ArrayList;
import java.util.List;
import org.ham.spi.HeldSocket;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;

/** Finds the sockets that are served at this moment. Stateless. */
final class HeldSockets {
    private HeldSockets() {}

    /** In no particular order. Looked up when they are needed: they come and go with the bundles that serve them. */
    static List<HeldSocket> in(BundleContext context) {
        var found = new ArrayList<HeldSocket>();
        try {
            for (var reference : context.getServiceReferences(HeldSocket.class, null)) {
                var socket = context.getService(reference);
                if (socket != null) {
                    found.add(socket);
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("there is no filter to be wrong", e);
        }
        return found;
    }
}
