package io.palispark.evaluation;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What average precision is averaged over.
 *
 * @param thresholds overlaps from which a detection counts as right, ascending
 * @param areas size classes; the first is the one that the headline numbers use
 * @param cuts how many detections of an image and category count, ascending; the last one bounds what is matched at all
 */
public record DetectionProtocol(List<Double> thresholds, List<AreaRange> areas, List<Integer> cuts)
        implements Serializable {

    /** COCO's ten thresholds, four size classes and cuts at 1, 10 and 100. */
    public static final DetectionProtocol COCO =
            new DetectionProtocol(cocoThresholds(), AreaRange.COCO, List.of(1, 10, 100));

    /** LVIS: as COCO, but 300 detections an image over all categories, cut before matching. */
    public static final DetectionProtocol LVIS = new DetectionProtocol(cocoThresholds(), AreaRange.COCO, List.of(300));

    public DetectionProtocol {
        thresholds = List.copyOf(thresholds);
        areas = List.copyOf(areas);
        cuts = List.copyOf(cuts);
        if (thresholds.size() * areas.size() > Long.SIZE) {
            throw new IllegalArgumentException("Cannot match at " + thresholds.size() + " thresholds and "
                    + areas.size() + " size classes: their product must be at most " + Long.SIZE);
        }
    }

    /** The most detections of one image and category that are matched. */
    public int limit() {
        return cuts.get(cuts.size() - 1);
    }

    /** Place of a threshold and size class in the bit sets of {@link DetectionMatch}. */
    int bit(int threshold, int area) {
        return area * thresholds.size() + threshold;
    }

    /** Place of a threshold in {@link #thresholds}. */
    int indexOf(double threshold) {
        int index = thresholds.indexOf(threshold);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "Cannot report overlap " + threshold + ": the protocol holds " + thresholds);
        }
        return index;
    }

    /** NumPy's {@code linspace(0.5, 0.95, 10)}: the ninth value is not 0.9 but the double below it. */
    private static List<Double> cocoThresholds() {
        double step = (0.95 - 0.5) / 9;
        return IntStream.range(0, 10)
                .mapToObj(index -> index == 9 ? 0.95 : 0.5 + index * step)
                .toList();
    }
}
