package io.palispark.dataset;

import io.palispark.dataset.CaptionSample.Caption;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * How much captions have in common. A loss that is taken token by token hardly notices the words in which captions
 * differ when most of their words are the same; such captions teach a model little.
 *
 * <p>The share of two captions is twice the number of words that they have in common, over the number of words of both
 * (Dice's coefficient of the two multisets): 1 for the same words in any order, 0 for none. Words are runs of letters and
 * digits in lower case.
 *
 * @param captions how many there are
 * @param compared how many were compared, each with each other
 * @param repeated how many of these have the text of an earlier one
 * @param meanShare over all pairs; 0 where fewer than two were compared
 * @param commonShare of a caption's words that nine of ten captions have, on average; 0 where fewer than two were compared
 * @param commonWords these words, the commonest first
 * @param histogram pairs by share in tenths: the last of ten bins holds 1 as well
 * @param worst pairs of different texts with the largest shares, the largest first
 */
public record CaptionSimilarity(
        long captions,
        int compared,
        int repeated,
        double meanShare,
        double commonShare,
        List<String> commonWords,
        List<Long> histogram,
        List<Pair> worst)
        implements Serializable {

    /** From this share on captions count as largely similar: what the fine-tuning primer calls catastrophic. */
    public static final double LARGELY_SIMILAR = 0.8;

    /** A word that this share of the captions have is common to them. */
    private static final double COMMON = 0.9;

    private static final int BINS = 10;
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Comparator<Pair> LARGEST_FIRST = Comparator.comparingDouble((Pair pair) -> -pair.share())
            .thenComparing(pair -> pair.first().text())
            .thenComparing(pair -> pair.second().text());

    public CaptionSimilarity {
        commonWords = List.copyOf(commonWords);
        histogram = List.copyOf(histogram);
        worst = List.copyOf(worst);
    }

    /** @param share of words in common, 0 to 1 */
    public record Pair(Caption first, Caption second, double share) implements Serializable {}

    /** @param worst how many pairs are named */
    public static CaptionSimilarity of(CaptionSample sample, int worst) {
        return new Comparison(sample.captions(), worst).result(sample.seen());
    }

    /** Pairs that share {@link #LARGELY_SIMILAR} of their words or more, as a share of all pairs; 0 without pairs. */
    public double largelySimilarPairs() {
        long pairs = histogram.stream().mapToLong(Long::longValue).sum();
        long similar = histogram.subList((int) Math.round(LARGELY_SIMILAR * BINS), BINS).stream()
                .mapToLong(Long::longValue)
                .sum();
        return pairs == 0 ? 0 : (double) similar / pairs;
    }

    /** Each caption with each other. */
    private static final class Comparison {

        private final List<Caption> captions;
        private final int[][] words;
        private final List<String> vocabulary;
        private final int worst;
        private final long[] histogram = new long[BINS];
        private final PriorityQueue<Pair> kept = new PriorityQueue<>(LARGEST_FIRST.reversed());
        private final Set<List<String>> named = new HashSet<>();
        private double shares;

        Comparison(List<Caption> captions, int worst) {
            this.captions = captions;
            this.worst = worst;
            Map<String, Integer> numbers = new HashMap<>();
            this.words = captions.stream()
                    .map(caption -> BETWEEN_WORDS
                            .splitAsStream(caption.text().toLowerCase(Locale.ROOT))
                            .filter(word -> !word.isEmpty())
                            .mapToInt(word -> numbers.computeIfAbsent(word, fresh -> numbers.size()))
                            .sorted()
                            .toArray())
                    .toArray(int[][]::new);
            this.vocabulary = numbers.entrySet().stream()
                    .sorted(Map.Entry.comparingByValue())
                    .map(Map.Entry::getKey)
                    .toList();
        }

        CaptionSimilarity result(long seen) {
            Set<String> texts = new HashSet<>();
            long pairs = 0;
            for (int second = 0; second < words.length; second++) {
                texts.add(captions.get(second).text());
                for (int first = 0; first < second; first++) {
                    pairs++;
                    add(first, second);
                }
            }
            List<Pair> pairsByShare = new ArrayList<>(kept);
            pairsByShare.sort(LARGEST_FIRST);
            int[] captionsWith = captionsWith();
            return new CaptionSimilarity(
                    seen,
                    words.length,
                    words.length - texts.size(),
                    pairs == 0 ? 0 : shares / pairs,
                    commonShare(captionsWith),
                    commonWords(captionsWith),
                    Arrays.stream(histogram).boxed().toList(),
                    pairsByShare);
        }

        /** Captions that have a word, by its number. */
        private int[] captionsWith() {
            int[] captionsWith = new int[vocabulary.size()];
            for (int[] caption : words) {
                Arrays.stream(caption).distinct().forEach(word -> captionsWith[word]++);
            }
            return captionsWith;
        }

        private boolean isCommon(int captionsWithWord) {
            return words.length > 1 && captionsWithWord >= COMMON * words.length;
        }

        private double commonShare(int[] captionsWith) {
            return Arrays.stream(words)
                    .mapToDouble(caption -> caption.length == 0
                            ? 0
                            : (double) Arrays.stream(caption)
                                            .filter(word -> isCommon(captionsWith[word]))
                                            .count()
                                    / caption.length)
                    .average()
                    .orElse(0);
        }

        private List<String> commonWords(int[] captionsWith) {
            return IntStream.range(0, captionsWith.length)
                    .filter(word -> isCommon(captionsWith[word]))
                    .boxed()
                    .sorted(Comparator.comparingInt((Integer word) -> -captionsWith[word])
                            .thenComparing(vocabulary::get))
                    .map(vocabulary::get)
                    .toList();
        }

        private void add(int first, int second) {
            double share = share(words[first], words[second]);
            shares += share;
            histogram[Math.min(BINS - 1, (int) (share * BINS))]++;
            boolean isAmongWorst =
                    worst > 0 && (kept.size() < worst || share > kept.peek().share());
            if (isAmongWorst
                    && !captions.get(first).text().equals(captions.get(second).text())) {
                keep(new Pair(captions.get(first), captions.get(second), share));
            }
        }

        /** Of pairs that read the same, one is enough. */
        private void keep(Pair pair) {
            if (named.add(texts(pair))) {
                kept.add(pair);
            }
            if (kept.size() > worst) {
                named.remove(texts(kept.remove()));
            }
        }

        private static List<String> texts(Pair pair) {
            String first = pair.first().text();
            String second = pair.second().text();
            return first.compareTo(second) <= 0 ? List.of(first, second) : List.of(second, first);
        }

        /** @param one sorted, as is the other */
        private static double share(int[] one, int[] other) {
            int common = 0;
            for (int i = 0, j = 0; i < one.length && j < other.length; ) {
                if (one[i] == other[j]) {
                    common++;
                    i++;
                    j++;
                } else if (one[i] < other[j]) {
                    i++;
                } else {
                    j++;
                }
            }
            int all = one.length + other.length;
            return all == 0 ? 1 : 2.0 * common / all;
        }
    }
}
