package io.palispark.spark;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.zip.GZIPInputStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The lines of UTF-8 files, each with its place, so that their order can be found again after a shuffle. Large files are
 * read by several tasks; files named {@code .gz} are decompressed by one. A line's length is bounded before it is held.
 */
public final class TextLines {

    private static final long BYTES_PER_TASK = 32L << 20;
    private static final int BUFFER = 1 << 16;

    private TextLines() {}

    /**
     * A line without its line break.
     *
     * @param file place of its file in the list
     * @param at offset of its first byte, in the decompressed content
     * @param text null for a line beyond the limit, of which nothing is kept
     */
    public record Line(int file, long at, String text) implements Serializable {}

    /** All lines that are not blank. */
    public static JavaRDD<Line> read(
            JavaSparkContext spark, Storage storage, List<Storage.Listed> files, int mostBytes) {
        List<Range> ranges = new ArrayList<>();
        for (int file = 0; file < files.size(); file++) {
            Storage.Listed listed = files.get(file);
            long step = listed.path().endsWith(".gz") ? Long.MAX_VALUE : BYTES_PER_TASK;
            for (long from = 0; from < listed.bytes(); from = step == Long.MAX_VALUE ? step : from + step) {
                ranges.add(new Range(file, listed.path(), from, step == Long.MAX_VALUE ? step : from + step));
            }
        }
        return spark.parallelize(ranges, Math.max(1, ranges.size()))
                .flatMap(range -> new Lines(storage, range, mostBytes));
    }

    /** All lines of one file that are not blank, in order. */
    static Lines ofFile(Storage storage, String path, int mostBytes) throws IOException {
        return new Lines(storage, new Range(0, path, 0, Long.MAX_VALUE), mostBytes);
    }

    /** The lines that start in {@code [from, to)}. */
    private record Range(int file, String path, long from, long to) implements Serializable {}

    /** Closes its file at its end, or before when told to. */
    static final class Lines implements Iterator<Line>, Closeable {

        private final Range range;
        private final int mostBytes;
        private final InputStream bytes;
        private long at;
        private Line next;

        Lines(Storage storage, Range range, int mostBytes) throws IOException {
            this.range = range;
            this.mostBytes = mostBytes;
            this.at = Math.max(0, range.from() - 1);
            InputStream raw = new BufferedInputStream(storage.open(range.path(), at), BUFFER);
            this.bytes = range.path().endsWith(".gz") ? new BufferedInputStream(new GZIPInputStream(raw), BUFFER) : raw;
            if (range.from() > 0) {
                line(); // ends in the byte before the range, or belongs to the range before
            }
            advance();
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Line next() {
            if (next == null) {
                throw new NoSuchElementException("Cannot read another line: the range has ended");
            }
            Line line = next;
            try {
                advance();
            } catch (IOException unreadable) {
                throw new UncheckedIOException(
                        "Cannot read " + range.path() + " at byte " + at + ": " + unreadable.getMessage(), unreadable);
            }
            return line;
        }

        @Override
        public void close() throws IOException {
            bytes.close();
        }

        private void advance() throws IOException {
            do {
                next = at < range.to() ? line() : null;
            } while (next != null && next.text() != null && next.text().isBlank());
            if (next == null) {
                bytes.close();
            }
        }

        /** The line at the cursor; null at the end of the file. */
        private Line line() throws IOException {
            long start = at;
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int value = bytes.read();
            if (value < 0) {
                return null;
            }
            for (; value >= 0; value = bytes.read()) {
                at++;
                if (value == '\n') {
                    break;
                }
                if (at - start <= mostBytes) {
                    line.write(value);
                }
            }
            boolean whole = line.size() >= at - start - 1;
            return new Line(range.file(), start, whole ? line.toString(StandardCharsets.UTF_8) : null);
        }
    }
}
