package io.palispark.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Fine-tuning rows of PaliGemma that exist already: JSON Lines of {@code image}, {@code prefix} and {@code suffix}. The
 * scale of the location tokens, 1023 as big_vision writes them or 1024 as others do, is not in the file.
 */
final class PaliGemmaFormat implements FormatDefinition {

    private final int scale;

    PaliGemmaFormat(int scale) {
        this.scale = scale;
    }

    @Override
    public Set<FormatContent> contents() {
        return EnumSet.of(FormatContent.BOXES, FormatContent.CAPTIONS, FormatContent.QUESTIONS, FormatContent.SPLITS);
    }

    private AnnotationFormat format() {
        return scale == PaliGemmaReader.OFFICIAL_SCALE
                ? AnnotationFormat.PALIGEMMA_JSONL
                : AnnotationFormat.PALIGEMMA_JSONL_1024;
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) throws IOException {
        List<AnnotationInput> inputs = new ArrayList<>();
        for (AnnotationSource file : files.unclaimed(
                name -> name.endsWith(".jsonl") || (files.isStated() && !PictureNames.isPicture(name)))) {
            boolean recognised = scale == PaliGemmaReader.OFFICIAL_SCALE && hasRows(file, files.limits());
            if (files.isStated() || recognised) {
                inputs.add(AnnotationInput.of(
                        format(), file, files.why("its first row has the keys prefix and suffix, taken as of 1023")));
            }
        }
        inputs.forEach(files::claim);
        return inputs;
    }

    private static boolean hasRows(AnnotationSource file, ReadLimits limits) throws IOException {
        try (TextLines lines = new TextLines(file, limits)) {
            String first = lines.next();
            JsonNode row = SmallDocument.object(first == null ? "" : first, limits);
            return row.has("prefix") && row.has("suffix");
        } catch (DocumentException unusable) {
            return false;
        }
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        return PaliGemmaReader.open(input, scale, limits);
    }
}
