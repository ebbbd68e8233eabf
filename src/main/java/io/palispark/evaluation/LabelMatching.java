package io.palispark.evaluation;

import java.io.Serializable;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Labels that a model wrote, mapped to the names of known classes. Three ways in this order, the first that finds a class
 * decides: the same text; the same after {@link #normalised}; the most similar of the normalised names. A tie between
 * classes is refused, never decided.
 */
public final class LabelMatching implements Serializable {

    private static final long serialVersionUID = 1L;

    private final Set<String> known;
    private final TreeMap<String, TreeSet<String>> byNormalised = new TreeMap<>();
    private final Leniency leniency;
    private final double leastSimilarity;

    /** Up to which way labels may be mapped. */
    public enum Leniency {
        EXACT,
        NORMALISED,
        FUZZY
    }

    /** What became of a label. */
    public sealed interface Verdict {}

    /** The label means this class. */
    public record Known(String name) implements Verdict {}

    /** The label means none of the classes. */
    public record Unknown() implements Verdict {}

    /** The label could mean any of these, in alphabetical order. */
    public record Ambiguous(List<String> names) implements Verdict {}

    /**
     * @param known names of the classes
     * @param leastSimilarity of normalised texts, 0 to 1: one minus the edit distance over the longer length; used when
     *     fuzzy
     */
    public LabelMatching(Iterable<String> known, Leniency leniency, double leastSimilarity) {
        this.known = new HashSet<>();
        this.leniency = leniency;
        this.leastSimilarity = leastSimilarity;
        for (String name : known) {
            this.known.add(name);
            byNormalised
                    .computeIfAbsent(normalised(name), absent -> new TreeSet<>())
                    .add(name);
        }
    }

    public Verdict match(String label) {
        if (known.contains(label)) {
            return new Known(label);
        }
        if (leniency == Leniency.EXACT) {
            return new Unknown();
        }
        String normalised = normalised(label);
        if (byNormalised.containsKey(normalised)) {
            return verdict(byNormalised.get(normalised));
        }
        return leniency == Leniency.FUZZY && !normalised.isEmpty() ? mostSimilar(normalised) : new Unknown();
    }

    private Verdict mostSimilar(String normalised) {
        double best = leastSimilarity;
        TreeSet<String> names = new TreeSet<>();
        for (String candidate : byNormalised.keySet()) {
            if (mostSimilarity(normalised, candidate) < best) {
                continue;
            }
            double similarity = similarity(normalised, candidate);
            if (similarity > best) {
                names.clear();
                best = similarity;
            }
            if (similarity == best) {
                names.addAll(byNormalised.get(candidate));
            }
        }
        return verdict(names);
    }

    private static Verdict verdict(TreeSet<String> names) {
        return switch (names.size()) {
            case 0 -> new Unknown();
            case 1 -> new Known(names.first());
            default -> new Ambiguous(List.copyOf(names));
        };
    }

    /** Compatibility forms folded (Unicode NFKC), lower case, every run of other characters than letters and digits a blank. */
    static String normalised(String label) {
        return Normalizer.normalize(label, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{M}\\p{Nd}]+", " ")
                .strip();
    }

    private static double similarity(String one, String other) {
        return 1 - (double) editDistance(one, other) / Math.max(one.length(), other.length());
    }

    /** What the lengths alone allow; spares the edit distance of a long text to a short name. */
    private static double mostSimilarity(String one, String other) {
        return (double) Math.min(one.length(), other.length()) / Math.max(one.length(), other.length());
    }

    private static int editDistance(String one, String other) {
        int[] above = new int[other.length() + 1];
        Arrays.setAll(above, index -> index);
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[above.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[other.length()];
    }
}
