package io.palispark.annotation;

import io.palispark.annotation.AnnotationInput.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** LabelMe JSON, a document a picture. A folder is told by its first document. */
final class LabelMeFormat implements FormatDefinition {

    @Override
    public Set<FormatContent> contents() {
        return EnumSet.of(FormatContent.BOXES, FormatContent.MASKS, FormatContent.SIZES);
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) throws IOException {
        Map<String, List<AnnotationSource>> folders = new LinkedHashMap<>();
        for (AnnotationSource file : files.unclaimed(FileListing::isJson)) {
            folders.computeIfAbsent(PictureNames.folder(file.name()), folder -> new ArrayList<>())
                    .add(file);
        }
        List<AnnotationInput> inputs = new ArrayList<>();
        for (List<AnnotationSource> documents : folders.values()) {
            DocumentKind.Evidence first = files.kind(documents.get(0));
            if (files.isStated() || first.kind() == DocumentKind.SHAPES) {
                List<Entry> entries = documents.stream()
                        .map(file -> Entry.of(
                                file,
                                files.pictures()
                                        .like(PictureNames.stem(file.name()))
                                        .orElse("")))
                        .toList();
                inputs.addAll(
                        AnnotationInput.groups(AnnotationFormat.LABELME, entries, Map.of(), files.why(first.why())));
            }
        }
        inputs.forEach(files::claim);
        return inputs;
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) {
        LabelMeDocument document = new LabelMeDocument(limits);
        return EntrySteps.open(input, document::read);
    }
}
