package io.palispark.job;

import java.io.IOException;

/** An output folder cannot be written now; what was published in it stands. */
public final class OutputException extends IOException {

    private static final long serialVersionUID = 1L;

    public OutputException(String message, IOException cause) {
        super(message, cause);
    }
}
