package io.palispark.annotation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Create ML's JSON: a list of pictures with boxes in pixels. Apple measures from a box's centre, some exports from its
 * corner: a box that would begin outside its picture when measured from the centre tells the latter.
 */
final class CreateMlFormat implements FormatDefinition {

    private final BoxAnchor anchor;

    CreateMlFormat(BoxAnchor anchor) {
        this.anchor = anchor;
    }

    @Override
    public Set<FormatContent> contents() {
        return EnumSet.of(FormatContent.BOXES, FormatContent.SPLITS);
    }

    private AnnotationFormat format() {
        return switch (anchor) {
            case CENTRE -> AnnotationFormat.CREATEML;
            case CORNER -> AnnotationFormat.CREATEML_CORNER;
        };
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) throws IOException {
        List<AnnotationSource> documents = files.documents(DocumentKind.BOXES);
        if (!files.isStated() && anchorOf(documents, files.limits()) != anchor) {
            return List.of();
        }
        String measured = switch (anchor) {
            case CENTRE -> "the centre, as no box would begin outside its picture";
            case CORNER -> "the corner, as a box would begin outside its picture otherwise";
        };
        List<AnnotationInput> inputs = new ArrayList<>();
        for (AnnotationSource file : documents) {
            String why = files.kind(file).why() + "; x and y are " + measured;
            inputs.add(AnnotationInput.of(format(), file, files.why(why)));
        }
        inputs.forEach(files::claim);
        return inputs;
    }

    /** One export measures all its files alike. */
    private static BoxAnchor anchorOf(List<AnnotationSource> documents, ReadLimits limits) throws IOException {
        for (AnnotationSource file : documents) {
            if (CreateMlReader.beginsOutside(file, limits)) {
                return BoxAnchor.CORNER;
            }
        }
        return BoxAnchor.CENTRE;
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        return CreateMlReader.open(input, anchor, limits);
    }
}
