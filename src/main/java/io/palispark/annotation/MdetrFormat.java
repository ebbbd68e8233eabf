package io.palispark.annotation;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Referring expressions as MDETR writes them: a COCO document with an image record per expression. */
final class MdetrFormat implements FormatDefinition {

    @Override
    public Set<FormatContent> contents() {
        return EnumSet.of(FormatContent.BOXES, FormatContent.MASKS, FormatContent.SIZES, FormatContent.SPLITS);
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) throws IOException {
        return files.documents(AnnotationFormat.MDETR, DocumentKind.EXPRESSIONS);
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        return MdetrReader.open(input, limits);
    }
}
