package io.palispark.annotation;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/** All that a format has to say: what it can hold, which files are its, and how they are read. */
interface FormatDefinition {

    /** What files of the format can state. */
    Set<FormatContent> contents();

    /**
     * Claims the files that are of this format, as far as names and first bytes tell. Called once a listing, in the order
     * of {@link AnnotationFormat}, so that the more particular format comes first.
     */
    List<AnnotationInput> claim(FileListing files) throws IOException;

    /**
     * Opens an input that {@link #claim} has made.
     *
     * @throws IOException when the bytes cannot be had; bad content is a record
     */
    AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException;
}
