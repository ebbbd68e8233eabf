package io.palispark.annotation;

import io.palispark.annotation.AnnotationInput.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * ADE20K, the full dataset: beside {@code x.jpg} lie {@code x_seg.png} and, per level, {@code x_parts_1.png}, with
 * {@code x_atr.txt} (2016 and 2017) or {@code x.json} and a mask an object in folder {@code x} (2020 and 2021).
 */
final class Ade20kFormat implements FormatDefinition {

    /** Role of the label picture of a level, with the level behind it; 0 are whole objects. */
    static final String LEVEL = "level ";

    private static final String OBJECTS = "_seg.png";
    private static final int LEVELS = 8;

    @Override
    public Set<FormatContent> contents() {
        return EnumSet.of(FormatContent.BOXES, FormatContent.MASKS, FormatContent.SPLITS);
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) {
        Map<String, List<AnnotationSource>> masks = new HashMap<>();
        for (AnnotationSource file : files.unclaimed(name -> name.endsWith(".png") && name.contains("/instance_"))) {
            masks.computeIfAbsent(PictureNames.folder(file.name()), folder -> new ArrayList<>())
                    .add(file);
        }
        List<Entry> entries = new ArrayList<>();
        for (AnnotationSource seg : files.unclaimed(name -> name.endsWith(OBJECTS))) {
            String stem = seg.name().substring(0, seg.name().length() - OBJECTS.length());
            files.find(stem + "_atr.txt")
                    .or(() -> files.find(stem + ".json"))
                    .ifPresent(list -> entries.add(entry(files, stem, seg, list, masks)));
        }
        List<AnnotationInput> inputs = AnnotationInput.groups(
                AnnotationFormat.ADE20K,
                entries,
                Map.of(),
                files.why("files are named *_seg.png with *_atr.txt or a JSON beside"));
        inputs.forEach(files::claim);
        return inputs;
    }

    private static Entry entry(
            FileListing files,
            String stem,
            AnnotationSource seg,
            AnnotationSource list,
            Map<String, List<AnnotationSource>> masks) {
        Map<String, AnnotationSource> own = new HashMap<>();
        masks.getOrDefault(stem, List.of())
                .forEach(mask -> own.put(PictureNames.lastPart(stem) + "/" + PictureNames.lastPart(mask.name()), mask));
        own.put(AnnotationInput.MAIN, list);
        own.put(LEVEL + 0, seg);
        for (int level = 1; level < LEVELS; level++) {
            String role = LEVEL + level;
            files.find(stem + "_parts_" + level + ".png").ifPresent(parts -> own.put(role, parts));
        }
        return new Entry(list.name(), files.pictures().like(stem).orElse(""), Map.copyOf(own));
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        Ade20kDocument document = new Ade20kDocument(limits);
        return EntrySteps.open(input, document::read);
    }
}
