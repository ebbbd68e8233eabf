package io.palispark.annotation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where the columns of a CSV of objects are, by the names in use; -1 for one that is not there.
 *
 * @param sides xmin, ymin, and xmax, ymax or width, height
 */
record CsvColumns(
        int count, int image, int label, int[] sides, Extent extent, int imageHeight, int imageWidth, int group) {

    /** What the last two sides are. */
    enum Extent {
        CORNER,
        SIZE
    }

    private static final List<String> IMAGE =
            List.of("filename", "file_name", "image_name", "image", "image_path", "filepath", "path");
    private static final List<String> LABEL = List.of("label", "class", "class_name", "category", "name");

    static CsvColumns of(Map<String, Integer> header) {
        return of(header, "");
    }

    /** @param groupField name of the column that groups pictures, empty for none */
    static CsvColumns of(Map<String, Integer> header, String groupField) {
        int right = find(header, List.of("xmax", "x_max", "x2"));
        int bottom = find(header, List.of("ymax", "y_max", "y2"));
        int width = find(header, List.of("width", "w", "box_width"));
        int height = find(header, List.of("height", "h", "box_height"));
        boolean corners = right >= 0 && bottom >= 0;
        int[] sides = {
            find(header, List.of("xmin", "x_min", "x1", "x", "left")),
            find(header, List.of("ymin", "y_min", "y1", "y", "top")),
            corners ? right : width,
            corners ? bottom : height
        };
        return new CsvColumns(
                header.size(),
                find(header, IMAGE),
                find(header, LABEL),
                sides,
                corners ? Extent.CORNER : Extent.SIZE,
                corners ? height : -1,
                corners ? width : -1,
                find(header, List.of(groupField.toLowerCase(Locale.ROOT))));
    }

    /** Names of the columns that a reader needs and does not find. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        String[] names = {"xmin", "ymin", "xmax or width", "ymax or height"};
        for (int i = 0; i < sides.length; i++) {
            if (sides[i] < 0) {
                missing.add(names[i]);
            }
        }
        if (image < 0) {
            missing.add("filename");
        }
        if (label < 0) {
            missing.add("label");
        }
        return missing;
    }

    private static int find(Map<String, Integer> header, List<String> names) {
        return names.stream()
                .filter(header::containsKey)
                .findFirst()
                .map(header::get)
                .orElse(-1);
    }
}
