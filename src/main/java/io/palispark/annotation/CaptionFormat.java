package io.palispark.annotation;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** COCO captions, one document each. */
final class CaptionFormat implements FormatDefinition {

    @Override
    public Set<FormatContent> contents() {
        return EnumSet.of(FormatContent.CAPTIONS, FormatContent.SIZES);
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) throws IOException {
        return files.documents(AnnotationFormat.COCO_CAPTIONS, DocumentKind.CAPTIONS);
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        return CaptionReader.open(input.entries().get(0).main(), limits);
    }
}
