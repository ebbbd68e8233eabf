package io.palispark.annotation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * RefCOCO, RefCOCO+ and RefCOCOg: a pickle of expressions beside the {@code instances.json} that they refer to. Of
 * several pickles in a folder, which say the same with other splits, one is read: umd, then unc, then the first.
 */
final class ReferringFormat implements FormatDefinition {

    static final String INSTANCES = "instances";

    private static final List<String> PREFERRED = List.of("refs(umd).p", "refs(unc).p");

    @Override
    public Set<FormatContent> contents() {
        return EnumSet.of(FormatContent.BOXES, FormatContent.MASKS, FormatContent.SIZES, FormatContent.SPLITS);
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) {
        List<AnnotationInput> inputs = new ArrayList<>();
        for (AnnotationSource instances :
                files.unclaimed(name -> PictureNames.lastPart(name).equals("instances.json"))) {
            String folder = PictureNames.folder(instances.name());
            List<AnnotationSource> pickles =
                    files.unclaimed(name -> PictureNames.folder(name).equals(folder) && name.endsWith(".p"));
            if (!pickles.isEmpty()) {
                AnnotationSource chosen = pickles.get(0);
                for (AnnotationSource pickle : pickles) {
                    int rank = PREFERRED.indexOf(PictureNames.lastPart(pickle.name()));
                    int best = PREFERRED.indexOf(PictureNames.lastPart(chosen.name()));
                    chosen = rank >= 0 && (best < 0 || rank < best) ? pickle : chosen;
                }
                inputs.add(new AnnotationInput(
                        AnnotationFormat.REFCOCO,
                        chosen.name(),
                        List.of(AnnotationInput.Entry.of(chosen, "")),
                        Map.of(INSTANCES, instances),
                        files.why("a pickle of expressions lies beside instances.json")));
            }
        }
        inputs.forEach(files::claim);
        return inputs;
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        try {
            AnnotationSource instances = input.shared().get(INSTANCES);
            if (instances == null) {
                throw new DocumentException(ReasonCode.KEY_MISSING, "no instances.json lies beside the pickle");
            }
            return ReferringReader.open(input, instances, limits);
        } catch (DocumentException unusable) {
            return AnnotationRows.rejected(input.format(), input.name(), unusable);
        }
    }
}
