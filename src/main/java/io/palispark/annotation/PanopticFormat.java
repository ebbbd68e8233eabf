package io.palispark.annotation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** COCO panoptic: a document with a record of segments per image, and a folder of the same name with their pictures. */
final class PanopticFormat implements FormatDefinition {

    /** Roles of the pictures of segments: this and the file's last name. */
    static final String SEGMENTS = "segments ";

    @Override
    public Set<FormatContent> contents() {
        return EnumSet.of(FormatContent.BOXES, FormatContent.MASKS, FormatContent.CROWD, FormatContent.SIZES);
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) throws IOException {
        List<AnnotationInput> inputs = new ArrayList<>();
        for (AnnotationSource file : files.documents(DocumentKind.SEGMENTS)) {
            Map<String, AnnotationSource> shared = new HashMap<>();
            String folder = PictureNames.stem(file.name().replaceAll("\\.gz$", "")) + "/";
            files.unclaimed(name -> name.startsWith(folder) && name.endsWith(".png"))
                    .forEach(png -> shared.put(SEGMENTS + PictureNames.lastPart(png.name()), png));
            inputs.add(new AnnotationInput(
                    AnnotationFormat.COCO_PANOPTIC,
                    file.name(),
                    List.of(AnnotationInput.Entry.of(file, "")),
                    Map.copyOf(shared),
                    files.why(files.kind(file).why())));
        }
        inputs.forEach(files::claim);
        return inputs;
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        return PanopticReader.open(input, limits);
    }
}
