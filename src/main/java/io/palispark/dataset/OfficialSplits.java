package io.palispark.dataset;

import io.palispark.dataset.SplitPlan.Split;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the splits that a dataset states mean for where its pictures go.
 *
 * @param use whether they count
 * @param contamination what becomes of training pictures that are also held out
 * @param joined groups with pictures of several splits, or of one and of none, to the side that is held out most; may be
 *     empty
 */
public record OfficialSplits(Use use, Contamination contamination, Map<String, Split> joined) implements Serializable {

    /** Whether stated splits count. */
    public enum Use {
        /** Where the input states at least two of training, validation and test. */
        AUTO,
        KEEP,
        IGNORE
    }

    /** What becomes of a picture stated as training whose group is also in validation or test. */
    public enum Contamination {
        REMOVE,
        REPORT
    }

    /** Pictures go by ratios alone. */
    public static final OfficialSplits IGNORED = new OfficialSplits(Use.IGNORE, Contamination.REMOVE, Map.of());

    private static final Set<String> TRAIN = Set.of("train", "training", "restval");
    private static final Set<String> VALIDATION = Set.of("val", "valid", "validation", "dev", "minival");

    public OfficialSplits {
        joined = Map.copyOf(joined);
    }

    /** These as they count after all. */
    public OfficialSplits with(Use decided, Map<String, Split> joinedGroups) {
        return new OfficialSplits(decided, contamination, joinedGroups);
    }

    /**
     * The side that a split's name means: {@code train2017} is training, {@code testA} is test. Of several names with
     * commas between them the side that is held out most counts.
     *
     * @return empty for a name of no known meaning
     */
    public static Optional<Split> side(String stated) {
        return Arrays.stream(stated.toLowerCase(Locale.ROOT).split(","))
                .map(OfficialSplits::sideOfOne)
                .flatMap(Optional::stream)
                .max(Split::compareTo);
    }

    private static Optional<Split> sideOfOne(String stated) {
        String name = stated.strip().replaceAll("[\\d_-]+$", "");
        if (TRAIN.contains(name)) {
            return Optional.of(Split.TRAIN);
        }
        if (VALIDATION.contains(name)) {
            return Optional.of(Split.VALIDATION);
        }
        return name.startsWith("test") || name.equals("eval") ? Optional.of(Split.TEST) : Optional.empty();
    }
}
