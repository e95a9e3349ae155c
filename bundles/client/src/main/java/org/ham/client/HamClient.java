package org.ham.client;

import java.nio.file.Path;
import org.ham.api.Ham;
import org.ham.api.HamException;

/**
 * Connects a program to the HAM ({@code ham_connect}).
 *
 * <p>The connection comes back by itself after a takeover, and everything goes on: calls under way are asked again under their id, so
 * that each is carried out once; subscriptions go on after the last line that came; channels and attachments are made anew. When
 * a call cannot be finished in time its code says what came of it: {@code NOT_CONNECTED}, it was not carried out; {@code TIMED_OUT}, it
 * was sent and it is not known. All other codes mean that the HAM refused it.
 *
 * <p>The connection belongs to the process that opened it. It has daemon threads only, and none after it was closed.
 */
public final class HamClient {
    private HamClient() {}

    /** Connects to the HAM that the environment names ({@link ClientSettings#usual}). */
    public static Ham connect() {
        return connect(ClientSettings.usual());
    }

    /** Connects to the HAM of a run-dir. */
    public static Ham connect(Path runDir) {
        return connect(ClientSettings.of(runDir));
    }

    /**
     * Connects.
     *
     * @throws HamException {@code NOT_CONNECTED} when no HAM can be reached, {@code DENIED} when it does not serve this user
     */
    public static Ham connect(ClientSettings settings) {
        var ham = new RemoteHam(settings);
        try {
            ham.awaitConnected();
            return ham;
        } catch (HamException e) {
            ham.close();
            throw e;
        }
    }
}
