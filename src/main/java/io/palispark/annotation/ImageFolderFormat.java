package io.palispark.annotation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Hugging Face imagefolder: a {@code metadata.jsonl} in or above the folder of its pictures. */
final class ImageFolderFormat implements FormatDefinition {

    /** Role of a metadata file of another kind in the same folder, which makes the folder unusable. */
    static final String OTHER = "other metadata";

    @Override
    public Set<FormatContent> contents() {
        return EnumSet.of(FormatContent.BOXES, FormatContent.CAPTIONS, FormatContent.SPLITS);
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) {
        List<AnnotationInput> inputs = new ArrayList<>();
        for (AnnotationSource file : files.unclaimed(name -> name.endsWith("metadata.jsonl"))) {
            String folder = PictureNames.folder(file.name());
            Map<String, AnnotationSource> shared = new HashMap<>();
            for (String other : List.of("metadata.csv", "metadata.parquet")) {
                files.find(folder.isEmpty() ? other : folder + "/" + other)
                        .ifPresent(found -> shared.put(OTHER, found));
            }
            inputs.add(new AnnotationInput(
                    AnnotationFormat.HF_IMAGEFOLDER,
                    file.name(),
                    List.of(AnnotationInput.Entry.of(file, "")),
                    Map.copyOf(shared),
                    files.why("it is named metadata.jsonl")));
        }
        inputs.forEach(files::claim);
        return inputs;
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        AnnotationSource other = input.shared().get(OTHER);
        if (other != null) {
            return AnnotationRows.rejected(
                    input.format(),
                    input.name(),
                    new DocumentException(ReasonCode.METADATA_MIXED, other.name() + " describes the same folder"));
        }
        return ImageFolderReader.open(input, limits);
    }
}
