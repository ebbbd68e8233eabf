package io.palispark.annotation;

import io.palispark.annotation.AnnotationInput.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * YOLO label files, one a picture, with {@code data.yaml}, {@code obj.names} or {@code classes.txt}: below a folder
 * {@code labels} that mirrors {@code images}, or beside the pictures. A picture without a label file, in a folder where
 * others have one, is a picture without objects.
 */
final class YoloFormat implements FormatDefinition {

    /** Role of the file of class names. */
    static final String NAMES = "names";

    private static final Set<String> NAME_LISTS = Set.of("obj.names", "classes.txt", "classes.names", "labels.txt");
    private static final int SNIFFED_FILES = 32;
    private static final int SNIFFED_BYTES = 1 << 16;

    private final YoloKind kind;

    YoloFormat(YoloKind kind) {
        this.kind = kind;
    }

    @Override
    public Set<FormatContent> contents() {
        return switch (kind) {
            case DETECT -> EnumSet.of(FormatContent.BOXES, FormatContent.SPLITS);
            case SEGMENT -> EnumSet.of(FormatContent.BOXES, FormatContent.MASKS, FormatContent.SPLITS);
        };
    }

    private AnnotationFormat format() {
        return switch (kind) {
            case DETECT -> AnnotationFormat.YOLO_DETECT;
            case SEGMENT -> AnnotationFormat.YOLO_SEGMENT;
        };
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) throws IOException {
        List<AnnotationSource> names = files.unclaimed(YoloFormat::isNames);
        List<AnnotationSource> labels = files.unclaimed(name -> isLabels(name, files.pictures()));
        if (labels.isEmpty() || (!files.isStated() && (names.isEmpty() || sniff(labels) != kind))) {
            return List.of();
        }
        Map<Optional<AnnotationSource>, List<Entry>> entriesByNames = new LinkedHashMap<>();
        Set<String> labelled = new HashSet<>();
        for (AnnotationSource file : labels) {
            String picture = files.pictures().like(picturePath(file.name())).orElse("");
            labelled.add(picture);
            entriesByNames
                    .computeIfAbsent(namesFor(file.name(), names), absent -> new ArrayList<>())
                    .add(Entry.of(file, picture));
        }
        for (String picture : unlabelled(labelled, files.pictures())) {
            entriesByNames
                    .computeIfAbsent(namesFor(picture, names), absent -> new ArrayList<>())
                    .add(new Entry(picture, picture, Map.of()));
        }
        return inputs(files, entriesByNames);
    }

    private List<AnnotationInput> inputs(
            FileListing files, Map<Optional<AnnotationSource>, List<Entry>> entriesByNames) {
        List<AnnotationInput> inputs = new ArrayList<>();
        entriesByNames.forEach((list, entries) -> {
            String why = files.why(
                    "label files with " + list.map(AnnotationSource::name).orElse("no list of names"));
            Map<String, AnnotationSource> shared =
                    list.map(file -> Map.of(NAMES, file)).orElse(Map.of());
            inputs.addAll(AnnotationInput.groups(format(), entries, shared, why));
        });
        inputs.forEach(files::claim);
        return inputs;
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        try {
            AnnotationSource names = input.shared().get(NAMES);
            if (names == null) {
                throw new DocumentException(
                        ReasonCode.KEY_MISSING, "no data.yaml, obj.names or classes.txt names the classes");
            }
            YoloLabels labels = new YoloLabels(kind, YoloNames.read(names, limits), limits);
            return EntrySteps.open(input, labels::read);
        } catch (DocumentException unusable) {
            return AnnotationRows.rejected(input.format(), input.name(), unusable);
        }
    }

    private static boolean isNames(String name) {
        return name.endsWith(".yaml") || name.endsWith(".yml") || NAME_LISTS.contains(PictureNames.lastPart(name));
    }

    private static boolean isLabels(String name, PictureNames pictures) {
        if (!name.endsWith(".txt") || isNames(name)) {
            return false;
        }
        boolean inLabels = ("/" + PictureNames.folder(name) + "/").contains("/labels/");
        return inLabels || pictures.like(picturePath(name)).isPresent();
    }

    /** Where the picture of a label file is, without extension. */
    private static String picturePath(String labels) {
        String stem = PictureNames.stem(labels.replace('\\', '/'));
        int folder = ("/" + stem).lastIndexOf("/labels/");
        return folder < 0 ? stem : stem.substring(0, folder) + "images" + stem.substring(folder + "labels".length());
    }

    /** The list of names in the nearest folder above, else the only one there is. */
    private static Optional<AnnotationSource> namesFor(String file, List<AnnotationSource> lists) {
        for (String folder = PictureNames.folder(file); ; folder = PictureNames.folder(folder)) {
            for (AnnotationSource list : lists) {
                if (PictureNames.folder(list.name()).equals(folder)) {
                    return Optional.of(list);
                }
            }
            if (folder.isEmpty()) {
                return lists.size() == 1 ? Optional.of(lists.get(0)) : Optional.empty();
            }
        }
    }

    private static Set<String> unlabelled(Set<String> labelled, PictureNames pictures) {
        Set<String> folders = new TreeSet<>();
        labelled.stream()
                .filter(picture -> !picture.isEmpty())
                .map(PictureNames::folder)
                .forEach(folders::add);
        Set<String> found = new TreeSet<>();
        folders.forEach(folder -> found.addAll(pictures.inFolder(folder)));
        found.removeAll(labelled);
        return found;
    }

    /** One line longer than a box with a confidence makes outlines of all. */
    private static YoloKind sniff(List<AnnotationSource> labels) throws IOException {
        for (AnnotationSource file : labels.subList(0, Math.min(SNIFFED_FILES, labels.size()))) {
            try (InputStream stream = file.open()) {
                String start = new String(stream.readNBytes(SNIFFED_BYTES), StandardCharsets.ISO_8859_1);
                if (start.lines().anyMatch(line -> line.trim().split("\\s+").length > YoloLabels.MOST_BOX_FIELDS)) {
                    return YoloKind.SEGMENT;
                }
            }
        }
        return YoloKind.DETECT;
    }
}
