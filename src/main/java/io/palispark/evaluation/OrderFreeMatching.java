package io.palispark.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Counts right, wrong and missed detections of one image and category without using scores or order: as many pairs of
 * detection and object as the overlap threshold allows (a maximum bipartite matching, by augmenting paths). Where a
 * model gives no confidence, COCO's greedy assignment depends on the order of equal scores; this does not. Detections
 * that a crowd region would excuse are paired last, which makes the count of wrong ones unique as well.
 */
public final class OrderFreeMatching<S> {

    private final double[][] overlaps;
    private final double threshold;
    private final int[] objects;
    private final int[] partner;

    private OrderFreeMatching(ImageObjects<S> image, Overlap<S> overlap, double threshold) {
        List<Truth<S>> truths = image.truths();
        this.threshold = threshold;
        overlaps = image.detections().stream()
                .map(detection -> truths.stream()
                        .mapToDouble(truth -> overlap.between(detection.shape(), truth))
                        .toArray())
                .toArray(double[][]::new);
        objects = IntStream.range(0, truths.size())
                .filter(place -> !truths.get(place).crowd())
                .toArray();
        partner = new int[truths.size()];
        Arrays.fill(partner, -1);
    }

    /**
     * The counts of one image and category.
     *
     * @param threshold overlap from which a pair is right, inclusive
     */
    public static <S> OperatingPoint count(ImageObjects<S> image, Overlap<S> overlap, double threshold) {
        OrderFreeMatching<S> matching = new OrderFreeMatching<>(image, overlap, threshold);
        boolean[] excused = matching.excusedByCrowd(image);
        int right = 0;
        int wrong = 0;
        for (int detection : excusedLast(excused)) {
            if (matching.pair(detection, new boolean[matching.partner.length])) {
                right++;
            } else if (!excused[detection]) {
                wrong++;
            }
        }
        return new OperatingPoint(right, wrong, matching.objects.length - right);
    }

    private boolean[] excusedByCrowd(ImageObjects<S> image) {
        boolean partial = image.labelling() == ImageObjects.Labelling.PARTIAL;
        boolean[] excused = new boolean[overlaps.length];
        for (int detection = 0; detection < excused.length; detection++) {
            double[] row = overlaps[detection];
            excused[detection] = partial
                    || IntStream.range(0, row.length)
                            .anyMatch(place -> image.truths().get(place).crowd() && row[place] >= threshold);
        }
        return excused;
    }

    private static int[] excusedLast(boolean[] excused) {
        return IntStream.concat(
                        IntStream.range(0, excused.length).filter(detection -> !excused[detection]),
                        IntStream.range(0, excused.length).filter(detection -> excused[detection]))
                .toArray();
    }

    /** Pairs a detection, moving others to a second choice where that frees an object. */
    private boolean pair(int detection, boolean[] tried) {
        for (int place : objects) {
            if (tried[place] || overlaps[detection][place] < threshold) {
                continue;
            }
            tried[place] = true;
            if (partner[place] < 0 || pair(partner[place], tried)) {
                partner[place] = detection;
                return true;
            }
        }
        return false;
    }
}
