package org.ham.core;

import org.ham.api.Actor;
import org.ham.api.Beating;
import org.ham.api.ProcessId;
import org.ham.core.engine.Input;
import org.ham.spi.Reports;
import org.ham.spi.Supervisor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Passes what detectors see to the fold. Thread-safe. */
@Component(service = Reports.class)
public final class ReportsService implements Reports {
    private static final Actor HEARTBEAT = Actor.part("detector-heartbeat");
    private static final Actor NOTIFY = Actor.part("detector-notify");
    private static final Actor CONTROL = Actor.part("control");

    private final Core core;

    /** Called by Declarative Services; there is somebody to report to while the core leads. */
    @Activate
    public ReportsService(@Reference Core core, @Reference Supervisor supervisor) {
        this.core = core;
    }

    @Override
    public void missed(String entity, ProcessId process, Beating mark, int missed) {
        core.report(new Input.Missed(entity, process, mark, missed), HEARTBEAT);
    }

    @Override
    public void beat(String entity, ProcessId process) {
        core.beat(entity, process);
    }

    @Override
    public void beatsAgain(String entity, ProcessId process) {
        core.report(new Input.BeatsAgain(entity, process), HEARTBEAT);
    }

    @Override
    public void ready(String entity, ProcessId process) {
        core.report(new Input.Said(entity, process, Input.Said.Word.READY), NOTIFY);
    }

    @Override
    public void stopping(String entity, ProcessId process) {
        core.report(new Input.Said(entity, process, Input.Said.Word.STOPPING), NOTIFY);
    }

    @Override
    public void reloading(String entity, ProcessId process) {
        core.report(new Input.Said(entity, process, Input.Said.Word.RELOADING), NOTIFY);
    }

    @Override
    public void text(String entity, ProcessId process, String text) {
        var kept = text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
        core.report(new Input.Text(entity, process, kept), NOTIFY);
    }

    @Override
    public void mainProcess(String entity, ProcessId process, ProcessId main) {
        core.report(new Input.MainProcess(entity, process, main), NOTIFY);
    }

    @Override
    public void lost(String entity, ProcessId process) {
        core.report(new Input.Lost(entity, process), CONTROL);
    }
}
