package io.palispark.dataset;

import io.palispark.token.LabelProblem;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is wrong or doubtful about class names. Takes time and memory with the number of names, not with the number of
 * pairs: names one letter apart are found by the texts that both give when a letter is left out.
 *
 * @param remarks by name, then kind
 */
public record LabelLint(List<Remark> remarks) implements Serializable {

    /** Shorter names are a letter apart too often by chance: cat and car. */
    private static final int SHORTEST_COMPARED = 5;

    /** Longer texts are sentences, and each takes memory with the square of its length. */
    private static final int LONGEST_COMPARED = 64;

    /** More names are no classes, but a vocabulary that has every word beside its misspellings. */
    private static final int MOST_COMPARED = 50_000;

    public LabelLint {
        remarks = List.copyOf(remarks);
    }

    /** What a remark says. */
    public enum Kind {
        /** Cannot stand in a suffix: see {@link LabelProblem}. */
        UNWRITABLE,
        /** The model was trained on names in lower case. */
        UPPER_CASE,
        /** Written as identifiers are, where the model knows words between blanks. */
        UNDERSCORE,
        /** Differs from another name in case, blanks and punctuation alone. */
        SPELLED_TWICE,
        /** Another name with an s or es behind it. */
        SINGULAR_AND_PLURAL,
        /** One letter more, less or other than another name. */
        ONE_LETTER_APART
    }

    /**
     * A remark on a name.
     *
     * @param other what the name is confused with, or the {@link LabelProblem}; empty where it stands for itself
     */
    public record Remark(Kind kind, String label, String other) implements Serializable {}

    /** @param labels of a dataset, in any order and as often as they come */
    public static LabelLint of(Collection<String> labels) {
        List<Remark> remarks = new ArrayList<>();
        TreeMap<String, List<String>> spellings = new TreeMap<>();
        for (String label : new TreeSet<>(labels)) {
            alone(label, remarks);
            spellings
                    .computeIfAbsent(letters(label), absent -> new ArrayList<>())
                    .add(label);
        }
        for (List<String> same : spellings.values()) {
            same.stream().skip(1).forEach(label -> remarks.add(new Remark(Kind.SPELLED_TWICE, label, same.get(0))));
        }
        pairs(spellings, remarks);
        remarks.sort(java.util.Comparator.comparing(Remark::label)
                .thenComparing(Remark::kind)
                .thenComparing(Remark::other));
        return new LabelLint(remarks);
    }

    private static void alone(String label, List<Remark> remarks) {
        Optional<LabelProblem> problem = LabelProblem.of(label);
        problem.ifPresent(found ->
                remarks.add(new Remark(Kind.UNWRITABLE, label, found.name().toLowerCase(Locale.ROOT))));
        if (!label.equals(label.toLowerCase(Locale.ROOT))) {
            remarks.add(new Remark(Kind.UPPER_CASE, label, ""));
        }
        if (label.indexOf('_') >= 0) {
            remarks.add(new Remark(Kind.UNDERSCORE, label, ""));
        }
    }

    private static String letters(String label) {
        return label.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N};<>]+", "");
    }

    private static void pairs(TreeMap<String, List<String>> spellings, List<Remark> remarks) {
        Map<String, List<String>> shortened = new TreeMap<>();
        List<String> compared = spellings.keySet().stream()
                .filter(name -> name.length() >= SHORTEST_COMPARED && name.length() <= LONGEST_COMPARED)
                .limit(MOST_COMPARED)
                .toList();
        for (String name : compared) {
            Set<String> variants = new HashSet<>(Set.of(name));
            for (int left = 0; left < name.length(); left++) {
                variants.add(name.substring(0, left) + name.substring(left + 1));
            }
            Set<String> near = new TreeSet<>();
            for (String variant : variants) {
                List<String> sharing = shortened.computeIfAbsent(variant, absent -> new ArrayList<>());
                near.addAll(sharing);
                sharing.add(name);
            }
            near.forEach(other -> {
                if (isOneLetterApart(other, name) && !isPlural(other, name) && !isPlural(name, other)) {
                    remarks.add(new Remark(Kind.ONE_LETTER_APART, first(spellings, name), first(spellings, other)));
                }
            });
        }
        for (String name : spellings.keySet()) {
            for (String ending : List.of("s", "es")) {
                if (!name.isEmpty() && spellings.containsKey(name + ending)) {
                    remarks.add(new Remark(
                            Kind.SINGULAR_AND_PLURAL, first(spellings, name + ending), first(spellings, name)));
                }
            }
        }
    }

    private static String first(Map<String, List<String>> spellings, String name) {
        return spellings.get(name).get(0);
    }

    private static boolean isPlural(String one, String other) {
        return other.equals(one + "s") || other.equals(one + "es");
    }

    /** A digit more or less tells classes apart on purpose. */
    private static boolean isOneLetterApart(String one, String other) {
        String shorter = one.length() <= other.length() ? one : other;
        String longer = shorter.equals(one) ? other : one;
        int at = 0;
        while (at < shorter.length() && shorter.charAt(at) == longer.charAt(at)) {
            at++;
        }
        boolean isNumbered = Character.isDigit(longer.charAt(at))
                || (at < shorter.length() && Character.isDigit(shorter.charAt(at)));
        int skipped = shorter.length() == longer.length() ? at + 1 : at;
        return !isNumbered && shorter.substring(skipped).equals(longer.substring(at + 1));
    }
}
