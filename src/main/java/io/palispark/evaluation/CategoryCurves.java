package io.palispark.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Every precision-recall curve of one category: one for each overlap threshold, size class and cut.
 *
 * @param protocol names the three axes
 * @param curves in the order threshold, size class, cut, the last one fastest
 */
public record CategoryCurves(DetectionProtocol protocol, List<PrecisionRecall> curves) implements Serializable {

    public CategoryCurves {
        curves = List.copyOf(curves);
    }

    /**
     * Accumulates one category in one pass over its detections (cocoeval.py, {@code accumulate}); memory does not
     * depend on their number.
     *
     * @param truths objects to find in all images together, one count a size class
     * @param matches of all images, in the order of {@link DetectionMatch#BY_SCORE}
     */
    public static CategoryCurves accumulate(
            DetectionProtocol protocol, List<Long> truths, Iterator<DetectionMatch> matches) {
        Accumulator accumulator = new Accumulator(protocol, truths);
        matches.forEachRemaining(accumulator::add);
        return accumulator.curves();
    }

    /** Accumulates one category whose matches are all at hand, images in any order. */
    public static CategoryCurves accumulate(DetectionProtocol protocol, List<ImageMatches> images) {
        List<Long> truths = IntStream.range(0, protocol.areas().size())
                .mapToObj(area -> images.stream()
                        .mapToLong(image -> image.truths().get(area))
                        .sum())
                .toList();
        return accumulate(
                protocol,
                truths,
                images.stream()
                        .flatMap(image -> image.detections().stream())
                        .sorted(DetectionMatch.BY_SCORE)
                        .iterator());
    }

    /** The curve at one overlap threshold, by the places of the three values in the protocol. */
    public PrecisionRecall curve(int threshold, int area, int cut) {
        return curves.get(
                (threshold * protocol.areas().size() + area) * protocol.cuts().size() + cut);
    }

    /** Mean precision over all thresholds for all sizes at the last cut; empty when there was nothing to find. */
    public OptionalDouble averagePrecision() {
        return DetectionMeans.of(List.of(this)).averagePrecision(0);
    }

    private static final class Accumulator {

        private final DetectionProtocol protocol;
        private final PrecisionRecall.Builder[] builders;
        private DetectionMatch last;

        Accumulator(DetectionProtocol protocol, List<Long> truths) {
            this.protocol = protocol;
            List<PrecisionRecall.Builder> all = new ArrayList<>();
            for (int threshold = 0; threshold < protocol.thresholds().size(); threshold++) {
                for (long count : truths) {
                    protocol.cuts().forEach(cut -> all.add(new PrecisionRecall.Builder(count)));
                }
            }
            builders = all.toArray(PrecisionRecall.Builder[]::new);
        }

        void add(DetectionMatch match) {
            if (last != null && DetectionMatch.BY_SCORE.compare(last, match) >= 0) {
                throw new IllegalArgumentException("Cannot accumulate " + match + " after " + last
                        + ": detections must come in the order of DetectionMatch.BY_SCORE, each once");
            }
            last = match;
            int next = 0;
            for (int threshold = 0; threshold < protocol.thresholds().size(); threshold++) {
                for (int area = 0; area < protocol.areas().size(); area++) {
                    int bit = protocol.bit(threshold, area);
                    for (int cut : protocol.cuts()) {
                        PrecisionRecall.Builder builder = builders[next++];
                        if (match.rank() < cut) {
                            add(builder, match, bit);
                        }
                    }
                }
            }
        }

        private static void add(PrecisionRecall.Builder builder, DetectionMatch match, int bit) {
            if (match.isIgnored(bit)) {
                builder.addIgnored(match.score());
            } else if (match.isMatched(bit)) {
                builder.addRight(match.score());
            } else {
                builder.addWrong(match.score());
            }
        }

        CategoryCurves curves() {
            return new CategoryCurves(
                    protocol,
                    Arrays.stream(builders).map(PrecisionRecall.Builder::build).toList());
        }
    }
}
