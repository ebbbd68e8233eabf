package io.palispark.tensor;

import java.io.IOException;

/** A weights file that cannot be used: damaged, hostile, or of another model. The message names file and reason. */
public final class TensorFileException extends IOException {

    private static final long serialVersionUID = 1;

    public TensorFileException(String file, String reason) {
        super("Cannot read " + file + ": " + reason);
    }

    public TensorFileException(String file, String reason, Throwable cause) {
        super("Cannot read " + file + ": " + reason, cause);
    }
}
