package io.palispark.job;

import io.palispark.dataset.Ledger;

/** A gate failed: rejects are written, nothing is published and the old dataset stands. */
public final class GateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Ledger ledger;

    public GateException(String message, Ledger ledger) {
        super(message);
        this.ledger = ledger;
    }

    public Ledger ledger() {
        return ledger;
    }
}
