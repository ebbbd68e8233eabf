package io.palispark.job;

import io.palispark.spark.OutputException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What a job's failure is about, for whoever has to answer it with an exit code. */
public enum FailureKind {
    /** The settings contradict themselves or the input. */
    SETTINGS,
    /** Too much was rejected; nothing was published. */
    GATE,
    /** The output cannot be written; what was published stands. */
    OUTPUT,
    /** The input cannot be read. */
    INPUT,
    /** Anything else, such as a task that failed too often. */
    OTHER;

    public static FailureKind of(Throwable failure) {
        if (failure instanceof ConfigException) {
            return SETTINGS;
        } else if (failure instanceof GateException) {
            return GATE;
        }
        Throwable reason = failure instanceof UncheckedIOException ? failure.getCause() : failure;
        if (reason instanceof OutputException) {
            return OUTPUT;
        }
        return reason instanceof IOException ? INPUT : OTHER;
    }
}
