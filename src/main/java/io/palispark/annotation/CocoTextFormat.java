package io.palispark.annotation;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** COCO-Text: words on COCO pictures, in a document of objects keyed by id. */
final class CocoTextFormat implements FormatDefinition {

    @Override
    public Set<FormatContent> contents() {
        return EnumSet.of(
                FormatContent.BOXES,
                FormatContent.MASKS,
                FormatContent.CROWD,
                FormatContent.SIZES,
                FormatContent.SPLITS);
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) throws IOException {
        return files.documents(AnnotationFormat.COCO_TEXT, DocumentKind.TEXTS);
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        return CocoTextReader.open(input, limits);
    }
}
