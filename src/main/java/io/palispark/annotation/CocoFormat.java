package io.palispark.annotation;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** COCO instances and LVIS, one document each; Objects365 and most exports of annotation tools are the former. */
final class CocoFormat implements FormatDefinition {

    private final CocoDialect dialect;

    CocoFormat(CocoDialect dialect) {
        this.dialect = dialect;
    }

    @Override
    public Set<FormatContent> contents() {
        return switch (dialect) {
            case INSTANCES ->
                EnumSet.of(FormatContent.BOXES, FormatContent.MASKS, FormatContent.CROWD, FormatContent.SIZES);
            case FEDERATED -> EnumSet.of(FormatContent.BOXES, FormatContent.MASKS, FormatContent.SIZES);
        };
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) throws IOException {
        return switch (dialect) {
            case INSTANCES -> files.documents(AnnotationFormat.COCO, DocumentKind.OBJECTS);
            case FEDERATED -> files.documents(AnnotationFormat.LVIS, DocumentKind.FEDERATED);
        };
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        return CocoReader.open(input.entries().get(0).main(), dialect, limits);
    }
}
