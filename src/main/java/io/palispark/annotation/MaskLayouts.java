package io.palispark.annotation;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells the layout of a folder of label pictures from its list of classes and its first picture: all its values must be
 * classes, so that photographs are no label pictures.
 */
final class MaskLayouts {

    private static final int INSTANCES = 1000;

    private final ReadLimits limits;
    private final Optional<MaskClasses> byNumber;
    private final Optional<MaskClasses> byColour;

    private MaskLayouts(ReadLimits limits, Optional<MaskClasses> byNumber, Optional<MaskClasses> byColour) {
        this.limits = limits;
        this.byNumber = byNumber;
        this.byColour = byColour;
    }

    /** @param lists of classes by {@link MaskFormat#role} */
    static MaskLayouts of(Map<String, AnnotationSource> lists, ReadLimits limits) throws IOException {
        return new MaskLayouts(
                limits,
                classes(lists.get(MaskFormat.role("classes.json")), limits),
                classes(lists.get(MaskFormat.role("colours.csv")), limits));
    }

    private static Optional<MaskClasses> classes(AnnotationSource list, ReadLimits limits) throws IOException {
        if (list == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(MaskClasses.read(list, limits));
        } catch (DocumentException unusable) {
            return Optional.empty();
        }
    }

    /** The layout of the pictures in one folder; empty for pictures that show no classes. */
    Optional<MaskLayout> of(List<AnnotationSource> folder) throws IOException {
        if (folder.stream().allMatch(file -> namesAnObject(file.name()))) {
            return Optional.of(MaskLayout.OBJECTS);
        }
        try {
            return of(LabelPicture.read(folder.get(0), limits));
        } catch (DocumentException unusable) {
            return Optional.empty();
        }
    }

    private boolean namesAnObject(String name) {
        String stem = PictureNames.lastPart(PictureNames.stem(name));
        int end = stem.lastIndexOf('_');
        return end > 0
                && byNumber.filter(classes -> classes.isName(stem.substring(0, end)))
                        .isPresent();
    }

    private Optional<MaskLayout> of(LabelPicture picture) {
        if (picture.kind() == LabelPicture.Values.COLOURS) {
            return byColour.filter(classes -> areAll(picture, classes, 1)).map(classes -> MaskLayout.COLOURS);
        }
        if (byNumber.isEmpty()) {
            return Optional.empty();
        }
        if (areAll(picture, byNumber.get(), 1)) {
            return Optional.of(MaskLayout.INDICES);
        }
        return areAll(picture, byNumber.get(), INSTANCES) ? Optional.of(MaskLayout.INSTANCES) : Optional.empty();
    }

    private static boolean areAll(LabelPicture picture, MaskClasses classes, int divisor) {
        return picture.counts(classes.names().size() * divisor + 1).keySet().stream()
                .map(value -> value < divisor ? value : value / divisor)
                .allMatch(
                        value -> classes.isBackground(value) || classes.names().containsKey(value));
    }
}
