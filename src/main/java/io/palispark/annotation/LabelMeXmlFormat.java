package io.palispark.annotation;

import io.palispark.annotation.AnnotationInput.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * XML of the LabelMe web tool, a document a picture: outlines, and masks below {@code Masks} where there are any. Its root
 * is called like Pascal VOC's.
 */
final class LabelMeXmlFormat implements FormatDefinition {

    private static final Pattern OWN = Pattern.compile("<pt>|<segm>|<nrows>");
    private static final String MASK = "_mask_";

    @Override
    public Set<FormatContent> contents() {
        return EnumSet.of(FormatContent.BOXES, FormatContent.MASKS, FormatContent.SIZES);
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) throws IOException {
        Map<String, List<AnnotationSource>> folders = new LinkedHashMap<>();
        for (AnnotationSource file : files.unclaimed(name -> name.endsWith(".xml"))) {
            folders.computeIfAbsent(PictureNames.folder(file.name()), folder -> new ArrayList<>())
                    .add(file);
        }
        List<Entry> entries = new ArrayList<>();
        Map<String, List<AnnotationSource>> masks = null;
        for (Map.Entry<String, List<AnnotationSource>> folder : folders.entrySet()) {
            if (files.isStated()
                    || VocFormat.starts(folder.getValue()).stream()
                            .anyMatch(start -> OWN.matcher(start).find())) {
                masks = masks == null ? masks(files) : masks;
                for (AnnotationSource file : folder.getValue()) {
                    entries.add(entry(file, masks, files.pictures()));
                }
            }
        }
        List<AnnotationInput> inputs = AnnotationInput.groups(
                AnnotationFormat.LABELME_XML, entries, Map.of(), files.why("the XML holds outlines point by point"));
        inputs.forEach(files::claim);
        return inputs;
    }

    /** Mask files by the path of what they belong to. */
    private static Map<String, List<AnnotationSource>> masks(FileListing files) {
        Map<String, List<AnnotationSource>> masks = new HashMap<>();
        for (AnnotationSource file : files.unclaimed(name -> name.contains(MASK) && name.endsWith(".png"))) {
            String of = file.name().substring(0, file.name().lastIndexOf(MASK));
            masks.computeIfAbsent(of, path -> new ArrayList<>()).add(file);
        }
        return masks;
    }

    private static Entry entry(
            AnnotationSource file, Map<String, List<AnnotationSource>> masks, PictureNames pictures) {
        String stem = PictureNames.stem(file.name());
        Map<String, AnnotationSource> own = new HashMap<>(Map.of(AnnotationInput.MAIN, file));
        masks.getOrDefault(sibling(stem, "Masks"), List.of())
                .forEach(mask -> own.put(PictureNames.lastPart(mask.name()), mask));
        return new Entry(file.name(), pictures.like(sibling(stem, "Images")).orElse(""), Map.copyOf(own));
    }

    /** The same path below the folder beside {@code Annotations}. */
    private static String sibling(String stem, String folder) {
        return stem.replaceFirst("(^|/)Annotations/", "$1" + folder + "/");
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) {
        LabelMeXmlDocument document = new LabelMeXmlDocument(limits);
        return EntrySteps.open(input, document::read);
    }
}
