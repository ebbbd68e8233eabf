package io.palispark.annotation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Open Images: CSV of boxes, with class descriptions and, where they are, the CSV and the pictures of masks. */
final class OpenImagesFormat implements FormatDefinition {

    static final String CLASSES = "classes";
    static final String SEGMENTATION = "segmentation";
    /** Roles of mask pictures: this and the file's last name. */
    static final String MASK = "mask ";

    @Override
    public Set<FormatContent> contents() {
        return EnumSet.of(FormatContent.BOXES, FormatContent.MASKS, FormatContent.CROWD, FormatContent.SPLITS);
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) throws IOException {
        List<AnnotationSource> boxes = new ArrayList<>();
        List<AnnotationSource> segmentations = new ArrayList<>();
        Map<String, AnnotationSource> shared = new HashMap<>();
        for (AnnotationSource file : files.unclaimed(name -> name.endsWith(".csv") || name.endsWith(".csv.gz"))) {
            Map<String, Integer> header = CsvFormat.header(file, files.limits());
            if (header.containsKey("imageid") && header.containsKey("maskpath")) {
                segmentations.add(file);
            } else if (header.containsKey("imageid") && header.containsKey("xmin")) {
                boxes.add(file);
            } else if (file.name().contains("class-descriptions")) {
                shared.put(CLASSES, file);
            }
        }
        files.unclaimed(name -> name.endsWith(".png") && ("/" + name).contains("/mask"))
                .forEach(mask -> shared.put(MASK + PictureNames.lastPart(mask.name()), mask));
        List<AnnotationInput> inputs = new ArrayList<>();
        for (AnnotationSource file : boxes) {
            Map<String, AnnotationSource> all = new HashMap<>(shared);
            segmentation(file, boxes, segmentations).ifPresent(found -> all.put(SEGMENTATION, found));
            AnnotationInput.Entry entry =
                    AnnotationInput.Entry.of(file, pictures(file, files.pictures(), files.limits()));
            inputs.add(new AnnotationInput(
                    AnnotationFormat.OPEN_IMAGES,
                    file.name(),
                    List.of(entry),
                    Map.copyOf(all),
                    files.why("its header names ImageID, XMin and XMax")));
        }
        inputs.forEach(files::claim);
        return inputs;
    }

    /** The segmentations of the same split, told by the start of the name. */
    private static Optional<AnnotationSource> segmentation(
            AnnotationSource boxes, List<AnnotationSource> all, List<AnnotationSource> segmentations) {
        String split = split(boxes.name());
        return segmentations.stream()
                .filter(file -> split(file.name()).equals(split) || (all.size() == 1 && segmentations.size() == 1))
                .findFirst();
    }

    /** train, validation or test, from names such as {@code oidv6-train-annotations-bbox.csv}. */
    static String split(String name) {
        String last = PictureNames.lastPart(name);
        return List.of("train", "validation", "test").stream()
                .filter(last::contains)
                .findFirst()
                .orElse("");
    }

    /** Where pictures are, with a star for the image id: as the first row's picture lies. */
    private static String pictures(AnnotationSource file, PictureNames pictures, ReadLimits limits) throws IOException {
        try (TextLines lines = new TextLines(file, limits)) {
            Integer column =
                    CsvLine.header(Optional.ofNullable(lines.next()).orElse("")).get("imageid");
            String line = lines.next();
            List<String> fields =
                    line == null ? List.of() : CsvLine.fields(line).orElse(List.of());
            if (column != null && column < fields.size()) {
                String id = fields.get(column);
                Optional<String> picture = pictures.like(split(file.name()) + "/" + id);
                if (picture.isPresent()) {
                    String folder = PictureNames.folder(picture.get());
                    String extension = picture.get()
                            .substring(PictureNames.stem(picture.get()).length());
                    return (folder.isEmpty() ? "*" : folder + "/*") + extension;
                }
            }
            return "*.jpg";
        } catch (DocumentException unusable) {
            return "*.jpg";
        }
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        try {
            return OpenImagesReader.open(input, limits);
        } catch (DocumentException unusable) {
            return AnnotationRows.rejected(input.format(), input.name(), unusable);
        }
    }
}
