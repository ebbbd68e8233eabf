package io.palispark.annotation;

import java.io.IOException;

/** A file read line by line, twice: the first pass meets damage before any row is handed out. Blank lines are passed. */
final class LineSteps implements AnnotationRows.Steps {

    /** Takes one line that is not blank. */
    @FunctionalInterface
    interface Pass {
        /** @param number from 1 */
        void read(String line, long number) throws IOException, DocumentException;
    }

    private final AnnotationSource source;
    private final ReadLimits limits;
    private final Pass pass;
    private final Runnable atEnd;
    private TextLines lines;

    private LineSteps(AnnotationSource source, ReadLimits limits, Pass pass, Runnable atEnd) {
        this.source = source;
        this.limits = limits;
        this.pass = pass;
        this.atEnd = atEnd;
    }

    /**
     * Walks the file through the first pass.
     *
     * @param out where the second pass puts its records
     */
    static AnnotationReader open(
            AnnotationInput input, AnnotationSource file, ReadLimits limits, RecordQueue out, Pass first, Pass second)
            throws IOException {
        return open(input, file, limits, out, first, second, () -> {});
    }

    /** As above, with what remains to be said behind the last row. */
    static AnnotationReader open(
            AnnotationInput input,
            AnnotationSource file,
            ReadLimits limits,
            RecordQueue out,
            Pass first,
            Pass second,
            Runnable atEnd)
            throws IOException {
        try {
            walk(file, limits, first);
        } catch (DocumentException unusable) {
            return AnnotationRows.rejected(input.format(), input.name(), unusable);
        }
        return AnnotationRows.of(input.format(), out, new LineSteps(file, limits, second, atEnd));
    }

    /** Takes every line of a file; there must be one. */
    static void walk(AnnotationSource file, ReadLimits limits, Pass pass) throws IOException, DocumentException {
        long taken = 0;
        try (TextLines lines = new TextLines(file, limits)) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                if (!line.isBlank()) {
                    if (++taken > limits.rows()) {
                        throw new DocumentException(
                                ReasonCode.ROW_COUNT_EXCEEDED, "more than " + limits.rows() + " lines");
                    }
                    pass.read(line, lines.number());
                }
            }
        }
        if (taken == 0) {
            throw new DocumentException(ReasonCode.FILE_EMPTY, "no content");
        }
    }

    @Override
    public boolean step() throws IOException, DocumentException {
        if (lines == null) {
            lines = new TextLines(source, limits);
        }
        String line = lines.next();
        if (line == null) {
            atEnd.run();
            return false;
        }
        if (!line.isBlank()) {
            pass.read(line, lines.number());
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        if (lines != null) {
            lines.close();
        }
    }
}
