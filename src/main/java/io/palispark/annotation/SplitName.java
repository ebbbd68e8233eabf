package io.palispark.annotation;

import java.util.Set;

/** The splits that folders are named after. */
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
}
