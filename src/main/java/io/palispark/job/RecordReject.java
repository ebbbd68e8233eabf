package io.palispark.job;

import io.palispark.annotation.ReasonCode;

/** Thrown by a {@link RecordStep} for a record that it has no answer to; becomes a reject line, never a stop. */
public final class RecordReject extends Exception {

    private static final long serialVersionUID = 1L;

    private final ReasonCode reason;

    public RecordReject(ReasonCode reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    public ReasonCode reason() {
        return reason;
    }
}
