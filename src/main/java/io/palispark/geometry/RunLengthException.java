package io.palispark.geometry;

/** Thrown for run lengths that describe no mask of the stated size. */
public final class RunLengthException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final RunLengthFault fault;

    RunLengthException(RunLengthFault fault, ImageSize size, String reason) {
        super("Cannot read run lengths of a " + size + " mask: " + reason);
        this.fault = fault;
    }

    public RunLengthFault fault() {
        return fault;
    }
}
