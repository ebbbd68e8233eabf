package io.palispark.job;

import java.util.List;

/** What a content guard said of one prompt and the model's answer to it. */
sealed interface GuardVerdict {

    /** Nothing to object to. */
    record Safe() implements GuardVerdict {}

    /** @param categories as the guard names them, such as {@code S1}; empty where it names none */
    record Unsafe(List<String> categories) implements GuardVerdict {

        public Unsafe {
            categories = List.copyOf(categories);
        }
    }

    /** No verdict came. */
    record Unavailable(Reason reason, String detail) implements GuardVerdict {}

    /** Why there is no verdict. */
    enum Reason {
        /** No connection, or one that broke. */
        UNREACHABLE,
        TIMEOUT,
        /** An HTTP status other than 200. */
        STATUS,
        RESPONSE_TOO_LARGE,
        /** Not JSON, or no chat completion. */
        RESPONSE_MALFORMED,
        /** A chat completion that does not begin with safe or unsafe. */
        VERDICT_UNKNOWN
    }
}
