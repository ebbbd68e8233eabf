package io.palispark.paligemma;

import java.io.IOException;

/** A {@code tokenizer.json} that is missing, broken, or not PaliGemma's. */
public final class TokenizerFileException extends IOException {

    private static final long serialVersionUID = 1L;

    TokenizerFileException(String source, String reason) {
        super("Cannot load the tokenizer " + source + ": " + reason);
    }

    TokenizerFileException(String source, String reason, Throwable cause) {
        super("Cannot load the tokenizer " + source + ": " + reason, cause);
    }
}
