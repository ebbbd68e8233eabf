package io.palispark.spark;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.regex.Pattern;

/** An output folder cannot be written now; what was published in it stands. */
public final class OutputException extends IOException {

    private static final long serialVersionUID = 1L;

    /** User and password of a URL: messages go into logs. */
    private static final Pattern LOGIN = Pattern.compile("(?<=://)[^/@\\s]+@");

    public OutputException(String message, IOException cause) {
        super(message, cause);
    }

    static OutputException notWritten(String path, IOException cause) {
        return of("write " + path, cause, ". Make room or get the rights there, or give output.path another folder");
    }

    static OutputException notRemoved(String path, IOException cause) {
        return of("remove " + path, cause, "");
    }

    private static OutputException of(String action, IOException cause, String advice) {
        return cause instanceof OutputException known
                ? known
                : new OutputException(
                        LOGIN.matcher("Cannot " + action + ": " + reason(cause)).replaceAll("") + advice, cause);
    }

    private static String reason(IOException cause) {
        boolean saysPathOnly = cause instanceof FileSystemException file && file.getReason() == null;
        return saysPathOnly || cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
