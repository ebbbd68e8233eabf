package io.palispark.token;

import java.util.Optional;
import java.util.regex.Pattern;

/** Why a label cannot stand in a suffix: it would not come back from it. */
public enum LabelProblem {
    /** Contains {@code ;}, which ends an object for every known reader. */
    SEPARATOR,
    /** Contains a location, segmentation or control token, whole or cut: {@code <loc0001>}, {@code <seg}, {@code <eos>}. */
    TOKEN,
    /** Contains a line break or another control character. */
    CONTROL_CHARACTER,
    /** Starts or ends with white space, which readers strip. */
    OUTER_SPACE;

    private static final Pattern TOKENS = Pattern.compile("<(?:loc|seg)(?:\\d|>|$)|<(?:pad|eos|bos|unk|mask|image)>");

    /** The first problem of a label; empty when {@link SuffixWriter} takes it. */
    public static Optional<LabelProblem> of(String label) {
        if (label.indexOf(';') >= 0) {
            return Optional.of(SEPARATOR);
        }
        if (label.chars().anyMatch(Character::isISOControl)) {
            return Optional.of(CONTROL_CHARACTER);
        }
        if (!label.equals(label.strip())) {
            return Optional.of(OUTER_SPACE);
        }
        return label.indexOf('<') >= 0 && TOKENS.matcher(label).find() ? Optional.of(TOKEN) : Optional.empty();
    }
}
