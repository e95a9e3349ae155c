package org.ham.spi;

import org.ham.api.Beating;
import org.ham.api.ProcessId;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What detectors tell the core. A report that is out of date by the time it is read, because the entity is gone or has
 * another process, is ignored. Thread-safe; never blocks. The service is there while this process is the HAM.
 */
@ProviderType
public interface Reports {
    /**
     * A mark of missed beats was reached.
     *
     * @param mark which one
     * @param missed how many beats were missed in a row; 0 when the entity itself asks to be treated so ({@code
     *     WATCHDOG=trigger}), for which it needs no heartbeat
     */
    void missed(String entity, ProcessId process, Beating mark, int missed);

    /**
     * An entity beat by another way than a page of memory ({@code WATCHDOG=1}); the detector of missed beats is told. It is
     * a beat of now and leaves no line in the journal.
     */
    void beat(String entity, ProcessId process);

    /** An entity whose beats heal by themselves beats again. */
    void beatsAgain(String entity, ProcessId process);

    /** An entity said that it is ready ({@code READY=1}). */
    void ready(String entity, ProcessId process);

    /** An entity said that it is about to end ({@code STOPPING=1}). */
    void stopping(String entity, ProcessId process);

    /** An entity said that it reads its configuration again ({@code RELOADING=1}); {@link #ready} follows. */
    void reloading(String entity, ProcessId process);

    /** What an entity says of itself ({@code STATUS=}); at most {@value #LONGEST_TEXT} characters are kept. */
    void text(String entity, ProcessId process, String text);

    /** An entity named another process as its main one ({@code MAINPID=}), which is watched from now on instead. */
    void mainProcess(String entity, ProcessId process, ProcessId main);

    /** A process that attached itself lost its connection without detaching, which is a death though it may live on. */
    void lost(String entity, ProcessId process);

    /** The longest text that is kept. */
    int LONGEST_TEXT = 200;
}
