package io.palispark.annotation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One object a line of comma-separated values, with a header: four corners, or corner, width and height, in pixels or as
 * shares of the image; what Datature and many scripts write.
 */
final class CsvFormat implements FormatDefinition {

    @Override
    public Set<FormatContent> contents() {
        return EnumSet.of(FormatContent.BOXES);
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) throws IOException {
        List<AnnotationInput> inputs = new ArrayList<>();
        for (AnnotationSource file :
                files.unclaimed(name -> name.endsWith(".csv") || (files.isStated() && !PictureNames.isPicture(name)))) {
            if (files.isStated()
                    || CsvColumns.of(header(file, files.limits())).missing().isEmpty()) {
                inputs.add(AnnotationInput.of(
                        AnnotationFormat.CSV, file, files.why("its header names a picture, a box and a label")));
            }
        }
        inputs.forEach(files::claim);
        return inputs;
    }

    /** The columns of a file, none where it cannot be read. */
    static Map<String, Integer> header(AnnotationSource file, ReadLimits limits) throws IOException {
        try (TextLines lines = new TextLines(file, limits)) {
            String first = lines.next();
            return first == null ? Map.of() : CsvLine.header(first);
        } catch (DocumentException unusable) {
            return Map.of();
        }
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        return CsvReader.open(input, limits);
    }
}
