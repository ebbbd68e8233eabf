package io.palispark.job;

import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.CocoCatalog;
import io.palispark.geometry.ImageSize;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The images of a ground-truth file, found by the names that predictions give them or by their ids. */
final class RecognisedImages implements Serializable {

    private static final long serialVersionUID = 1L;

    /** No image is known. */
    static final RecognisedImages NONE = new RecognisedImages(List.of());

    private final List<Known> images;
    private final Map<String, Known> byId = new HashMap<>();
    private final Map<String, Known> byName = new HashMap<>();

    /** Images whose names end alike lead to none; the value says so. */
    private final Map<String, List<Known>> byLastPart = new HashMap<>();

    /**
     * An image of the ground truth.
     *
     * @param number its place by ascending id, from 0: numbers before texts
     * @param height stated rows, 0 when absent
     * @param width stated columns, 0 when absent
     */
    record Known(long number, String id, String name, int height, int width) implements Serializable {

        Optional<ImageSize> size() {
            return height > 0 && width > 0 ? Optional.of(new ImageSize(height, width)) : Optional.empty();
        }
    }

    private RecognisedImages(List<Known> images) {
        this.images = images;
        for (Known image : images) {
            byId.put(image.id(), image);
            byName.put(image.name(), image);
            byLastPart
                    .computeIfAbsent(lastPart(image.name()), name -> new ArrayList<>(1))
                    .add(image);
        }
    }

    static RecognisedImages of(CocoCatalog catalog) {
        List<ImageRow> rows = new ArrayList<>(catalog.images());
        rows.sort(Comparator.comparingLong((ImageRow row) -> number(row.imageId()))
                .thenComparing(ImageRow::imageId));
        List<Known> images = new ArrayList<>();
        for (ImageRow row : rows) {
            images.add(
                    new Known(images.size(), row.imageId(), row.fileName(), row.declaredHeight(), row.declaredWidth()));
        }
        return new RecognisedImages(images);
    }

    private static long number(String id) {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException text) {
            return Long.MAX_VALUE;
        }
    }

    /** All images by ascending id. */
    List<Known> all() {
        return images;
    }

    Optional<Known> byId(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** By the whole name, else by its last part where only one image has it. */
    Optional<Known> byName(String name) {
        Known known = byName.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        List<Known> alike = byLastPart.getOrDefault(lastPart(name), List.of());
        return alike.size() == 1 ? Optional.of(alike.get(0)) : Optional.empty();
    }

    private static String lastPart(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }
}
