package io.palispark.annotation;

import java.io.Closeable;
import java.util.Iterator;

/**
 * The records of one annotation file (or of one pair of files), in file order.
 *
 * <p>The whole file is walked once when the reader is opened, so a file that cannot be read to its end yields one
 * {@link Outcome#REJECT_FILE} finding and no row of it is ever seen. Otherwise findings about the file come first, then
 * the rows, each as itself or as one reject finding in its place, repairs and warnings behind the row they are about.
 * {@link AnnotationRecord.Totals} is the last record of every reader. An object on an image whose row is rejected is
 * still emitted as itself: the image join decides.
 *
 * <p>{@link #next()} throws {@link java.io.UncheckedIOException} when the file can no longer be read or has changed
 * since it was opened. Readers hold ids, never rows; one thread at a time.
 */
public interface AnnotationReader extends Iterator<AnnotationRecord>, Closeable {

    AnnotationFormat format();
}
