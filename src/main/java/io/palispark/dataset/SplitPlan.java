package io.palispark.dataset;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Assigns pictures to splits by a hash of their group, so that a picture's side depends on nothing but its own name,
 * the seed and the ratios.
 *
 * @param ratios shares of {@link Split#TRAIN}, {@link Split#VALIDATION} and {@link Split#TEST}; they add up to 1
 * @param groupPattern finds the key in a picture's name: its first group or the whole match; null when every picture
 *     stands for itself
 * @param seed changes the assignment as a whole
 * @param clusters group key to the key that stands for all groups joined with it by near-duplicates; may be empty
 * @param official which splits that the dataset states go before the ratios
 */
public record SplitPlan(
        List<Double> ratios, Pattern groupPattern, long seed, Map<String, String> clusters, OfficialSplits official)
        implements Serializable {

    /** A plan that knows no stated splits. */
    public SplitPlan(List<Double> ratios, Pattern groupPattern, long seed, Map<String, String> clusters) {
        this(ratios, groupPattern, seed, clusters, OfficialSplits.IGNORED);
    }

    /** The sides of a dataset, in the order of the ratios. */
    public enum Split {
        TRAIN("train"),
        VALIDATION("validation"),
        TEST("test");

        private final String text;

        Split(String text) {
            this.text = text;
        }

        /** The name in file names and manifests; Hugging Face datasets knows it. */
        public String text() {
            return text;
        }
    }

    public SplitPlan {
        ratios = List.copyOf(ratios);
        clusters = Map.copyOf(clusters);
        double sum = ratios.stream().mapToDouble(Double::doubleValue).sum();
        if (ratios.size() != Split.values().length
                || ratios.stream().anyMatch(ratio -> !(ratio >= 0))
                || Math.abs(sum - 1) > 1e-9) {
            throw new IllegalArgumentException(
                    "Cannot split by " + ratios + ": three shares of at least 0 that add up to 1 are needed");
        }
    }

    /** This plan with near-duplicates kept together. */
    public SplitPlan withClusters(Map<String, String> representatives) {
        return new SplitPlan(ratios, groupPattern, seed, representatives, official);
    }

    /** This plan with what was found out about stated splits. */
    public SplitPlan withOfficial(OfficialSplits known) {
        return new SplitPlan(ratios, groupPattern, seed, clusters, known);
    }

    /**
     * Where a picture goes.
     *
     * @param contaminated stated as training while its group is also held out
     */
    public record Place(String group, Split split, boolean contaminated) {}

    /**
     * The group and side of a picture.
     *
     * @param column value of the field to group by, empty when there is none
     * @param stated name of the split that the dataset states, empty when there is none
     */
    public Place place(String image, String column, String stated) {
        String group = group(image, column);
        if (official.use() == OfficialSplits.Use.IGNORE) {
            return new Place(group, split(group), false);
        }
        Optional<Split> side = OfficialSplits.side(stated);
        Split joined = official.joined().get(group);
        if (side.isEmpty()) {
            return new Place(group, joined == null ? split(group) : joined, false);
        }
        boolean contaminated = side.get() == Split.TRAIN && joined != null && joined != Split.TRAIN;
        return new Place(group, side.get(), contaminated);
    }

    /**
     * The group of a picture: its own key, or the key that stands for all groups joined by near-duplicates.
     *
     * @param column value of the field to group by, empty when there is none
     */
    public String group(String image, String column) {
        String key = key(image, column);
        return clusters.getOrDefault(key, key);
    }

    /** The key before near-duplicates join groups: the column's value, the pattern's match, or the picture's name. */
    public String key(String image, String column) {
        if (!column.isEmpty()) {
            return column;
        }
        if (groupPattern == null) {
            return image;
        }
        Matcher matcher = groupPattern.matcher(image);
        if (!matcher.find()) {
            return image;
        }
        String match = matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
        return match == null ? image : match;
    }

    /** The side of a group. */
    public Split split(String group) {
        double position = StableHash.unit("split", Long.toString(seed), group);
        double end = 0;
        for (int side = 0; side < ratios.size() - 1; side++) {
            end += ratios.get(side);
            if (position < end) {
                return Split.values()[side];
            }
        }
        return lastUsed();
    }

    private Split lastUsed() {
        for (int side = ratios.size() - 1; side > 0; side--) {
            if (ratios.get(side) > 0) {
                return Split.values()[side];
            }
        }
        return Split.TRAIN;
    }
}
