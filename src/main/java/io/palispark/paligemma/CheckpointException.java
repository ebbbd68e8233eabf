package io.palispark.paligemma;

import java.io.IOException;

/** A checkpoint or adapter that cannot be used. The message names it and the reason. */
public final class CheckpointException extends IOException {

    private static final long serialVersionUID = 1;

    public CheckpointException(String source, String reason) {
        super("Cannot load " + source + ": " + reason);
    }

    public CheckpointException(String source, String reason, Throwable cause) {
        super("Cannot load " + source + ": " + reason, cause);
    }
}
