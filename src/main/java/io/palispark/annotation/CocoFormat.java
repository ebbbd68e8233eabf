package io.palispark.annotation;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** COCO instances, one document each. */
final class CocoFormat implements FormatDefinition {

    @Override
    public Set<FormatContent> contents() {
        return EnumSet.of(FormatContent.BOXES, FormatContent.MASKS, FormatContent.CROWD, FormatContent.SIZES);
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) throws IOException {
        return files.documents(AnnotationFormat.COCO, DocumentKind.OBJECTS);
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        return CocoReader.open(input.entries().get(0).main(), limits);
    }
}
