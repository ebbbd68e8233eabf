package io.palispark.image;

import java.io.Serializable;
import java.util.Locale;

/**
 * Why bytes are refused as an image.
 *
 * @param kind the cause
 * @param detail the value and where it stood, for a person
 */
public record ImageFault(Kind kind, String detail) implements ContentRead, ImageInspection, Decoding, Serializable {

    /** One cause each, in the order in which they are looked for. */
    public enum Kind {
        EMPTY_FILE,
        TOO_MANY_BYTES,
        /** No known signature, for example a web page saved as .jpg. */
        NOT_AN_IMAGE,
        /** A known kind of picture, or a variant of a decoded format, that is not decoded. */
        UNSUPPORTED_FORMAT,
        TOO_MANY_PIXELS,
        /** The data ends before the structure does. */
        TRUNCATED,
        /** The structure contradicts its specification. */
        DAMAGED;

        private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

        /** The kebab-case name written to rejects and verdicts. */
        public String code() {
            return code;
        }
    }
}
