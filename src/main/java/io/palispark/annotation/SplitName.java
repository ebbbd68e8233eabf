package io.palispark.annotation;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** The splits that folders and files are named after. */
final class SplitName {

    private static final Set<String> NAMES =
            Set.of("train", "training", "val", "valid", "validation", "dev", "test", "eval");

    private SplitName() {}

    /** The last folder of a path that is named like a split, else empty. */
    static String ofPath(String path) {
        String split = "";
        String[] parts = path.split("/");
        for (int i = 0; i < parts.length - 1; i++) {
            if (NAMES.contains(parts[i])) {
                split = parts[i];
            }
        }
        return split;
    }

    /** The split that a file is named after, as {@code instances_train2017.json} is, else that of its folder. */
    static String ofFile(String path) {
        Set<String> words = new HashSet<>();
        for (String word : path.substring(path.lastIndexOf('/') + 1)
                .toLowerCase(Locale.ROOT)
                .split("[^a-z]+")) {
            if (NAMES.contains(word)) {
                words.add(word);
            }
        }
        return words.size() == 1 ? words.iterator().next() : ofPath(path);
    }
}
