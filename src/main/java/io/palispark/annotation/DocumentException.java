package io.palispark.annotation;

/** The file as a whole cannot be used; becomes its one {@link Outcome#REJECT_FILE} finding. */
final class DocumentException extends Exception {

    private static final long serialVersionUID = 1L;

    private final ReasonCode reason;

    DocumentException(ReasonCode reason, String detail) {
        super(detail);
        this.reason = reason;
    }

    ReasonCode reason() {
        return reason;
    }
}
