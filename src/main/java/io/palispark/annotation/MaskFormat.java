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

/**
 * Folders of label pictures with a list of classes. Cityscapes is told by its file names; the other layouts by the list
 * and a look at the first picture of each folder.
 */
final class MaskFormat implements FormatDefinition {

    static final String CLASSES = "classes";

    private static final String CITYSCAPES = "_gtFine_instanceIds.png";

    private final MaskLayout layout;

    MaskFormat(MaskLayout layout) {
        this.layout = layout;
    }

    @Override
    public Set<FormatContent> contents() {
        Set<FormatContent> contents = EnumSet.of(FormatContent.BOXES, FormatContent.MASKS, FormatContent.SPLITS);
        if (layout == MaskLayout.INSTANCES || layout == MaskLayout.CITYSCAPES) {
            contents.add(FormatContent.CROWD);
        }
        return contents;
    }

    private AnnotationFormat format() {
        return switch (layout) {
            case INDICES -> AnnotationFormat.MASK_INDICES;
            case COLOURS -> AnnotationFormat.MASK_COLOURS;
            case INSTANCES -> AnnotationFormat.MASK_INSTANCES;
            case CITYSCAPES -> AnnotationFormat.CITYSCAPES;
            case OBJECTS -> AnnotationFormat.MASK_OBJECTS;
        };
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) throws IOException {
        boolean cityscapes = layout == MaskLayout.CITYSCAPES;
        Map<String, AnnotationSource> shared = new HashMap<>();
        files.named(name ->
                        name.endsWith("classes.json") || name.endsWith("colours.csv") || name.endsWith("colors.csv"))
                .forEach(list -> shared.putIfAbsent(role(list.name()), list));
        List<AnnotationSource> masks =
                files.unclaimed(name -> cityscapes ? name.endsWith(CITYSCAPES) : PictureNames.isPicture(name));
        if (!files.isStated() && !cityscapes) {
            masks = shared.isEmpty() ? List.of() : recognised(masks, MaskLayouts.of(shared, files.limits()));
        }
        if (masks.isEmpty()) {
            return List.of();
        }
        List<Entry> entries =
                layout == MaskLayout.OBJECTS ? objects(masks, files.pictures()) : pictures(masks, files.pictures());
        String evidence = cityscapes ? "files are named like " : "its values are the listed classes: ";
        String why = files.why(evidence + masks.get(0).name());
        List<AnnotationInput> inputs = AnnotationInput.groups(format(), entries, Map.copyOf(shared), why);
        inputs.forEach(files::claim);
        return inputs;
    }

    /** The pictures of folders whose first one is of this layout. */
    private List<AnnotationSource> recognised(List<AnnotationSource> pictures, MaskLayouts layouts) throws IOException {
        Map<String, List<AnnotationSource>> folders = new LinkedHashMap<>();
        for (AnnotationSource picture : pictures) {
            if (picture.name().endsWith(".png")) {
                folders.computeIfAbsent(PictureNames.folder(picture.name()), folder -> new ArrayList<>())
                        .add(picture);
            }
        }
        List<AnnotationSource> masks = new ArrayList<>();
        for (List<AnnotationSource> folder : folders.values()) {
            if (layouts.of(folder).filter(told -> told == layout).isPresent()) {
                masks.addAll(folder);
            }
        }
        return masks;
    }

    /** Colours are asked for by one layout only, so both lists may be there. */
    static String role(String name) {
        return name.endsWith(".csv") ? CLASSES + " by colour" : CLASSES;
    }

    private List<Entry> pictures(List<AnnotationSource> masks, PictureNames pictures) {
        List<Entry> entries = new ArrayList<>();
        for (AnnotationSource mask : masks) {
            String stem = layout == MaskLayout.CITYSCAPES
                    ? mask.name().replace(CITYSCAPES, "_leftImg8bit").replace("gtFine/", "leftImg8bit/")
                    : PictureNames.stem(mask.name());
            entries.add(Entry.of(mask, pictures.like(stem).orElse("")));
        }
        return entries;
    }

    /** The folder is named like the picture; the files like their objects. */
    private static List<Entry> objects(List<AnnotationSource> masks, PictureNames pictures) {
        Map<String, Map<String, AnnotationSource>> folders = new LinkedHashMap<>();
        for (AnnotationSource mask : masks) {
            folders.computeIfAbsent(PictureNames.folder(mask.name()), folder -> new LinkedHashMap<>())
                    .put(PictureNames.lastPart(PictureNames.stem(mask.name())), mask);
        }
        List<Entry> entries = new ArrayList<>();
        folders.forEach((folder, files) ->
                entries.add(new Entry(folder, pictures.like(folder).orElse(""), Map.copyOf(files))));
        return entries;
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        try {
            MaskClasses classes = classes(input, limits);
            EntrySteps.EntryReader reader = layout == MaskLayout.OBJECTS
                    ? new ObjectMasks(classes, limits)::read
                    : new MaskDocument(layout, classes, limits)::read;
            return EntrySteps.open(input, reader);
        } catch (DocumentException unusable) {
            return AnnotationRows.rejected(input.format(), input.name(), unusable);
        }
    }

    private MaskClasses classes(AnnotationInput input, ReadLimits limits) throws IOException, DocumentException {
        if (layout == MaskLayout.CITYSCAPES) {
            return MaskClasses.cityscapes();
        }
        String wanted = layout == MaskLayout.COLOURS ? "colours.csv" : "classes.json";
        AnnotationSource list = input.shared().get(role(wanted));
        if (list == null) {
            throw new DocumentException(ReasonCode.KEY_MISSING, "no file " + wanted + " names the classes");
        }
        return MaskClasses.read(list, limits);
    }
}
