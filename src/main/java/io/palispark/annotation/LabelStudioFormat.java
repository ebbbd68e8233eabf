package io.palispark.annotation;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Label Studio's JSON export: a list of tasks. */
final class LabelStudioFormat implements FormatDefinition {

    @Override
    public Set<FormatContent> contents() {
        return EnumSet.of(FormatContent.BOXES, FormatContent.MASKS, FormatContent.ROTATION, FormatContent.SIZES);
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) throws IOException {
        return files.documents(AnnotationFormat.LABEL_STUDIO, DocumentKind.TASKS);
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        return LabelStudioReader.open(input, limits);
    }
}
