package io.palispark.evaluation;

import io.palispark.evaluation.ImageObjects.Labelling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * COCO's greedy assignment of detections to annotated objects, for one image and category at a time: the surest
 * detection first takes the free object that it overlaps most, the later one on equal overlap; crowd regions and objects
 * of another size class are taken only when no other is left, and whoever takes them is ignored. Follows {@code
 * evaluateImg} of pycocotools' cocoeval.py and of lvis' eval.py, except that objects are told apart by place and not by
 * id, so an annotation id of 0 counts as any other.
 */
public final class Matching {

    private final DetectionProtocol protocol;

    public Matching(DetectionProtocol protocol) {
        this.protocol = protocol;
    }

    /** Matches one image; detections beyond the protocol's last cut are left out. */
    public <S> ImageMatches match(ImageObjects<S> objects, Overlap<S> overlap) {
        List<Detection<S>> ranked = objects.detections().stream()
                .sorted(Comparator.comparingDouble((Detection<S> detection) -> detection.score())
                        .reversed())
                .limit(protocol.limit())
                .toList();
        double[][] overlaps = overlaps(ranked, objects.truths(), overlap);
        long[] matched = new long[ranked.size()];
        long[] ignored = new long[ranked.size()];
        List<Integer> wanted = new ArrayList<>();
        for (int area = 0; area < protocol.areas().size(); area++) {
            SizeClass sizeClass =
                    SizeClass.of(objects.truths(), protocol.areas().get(area));
            wanted.add(sizeClass.wanted());
            boolean[] excused = excused(ranked, objects.labelling(), sizeClass.range());
            for (int threshold = 0; threshold < protocol.thresholds().size(); threshold++) {
                int[] found = sizeClass.assign(overlaps, protocol.thresholds().get(threshold));
                int bit = protocol.bit(threshold, area);
                for (int rank = 0; rank < found.length; rank++) {
                    boolean isMatched = found[rank] >= 0;
                    boolean isIgnored = isMatched ? sizeClass.ignored()[found[rank]] : excused[rank];
                    matched[rank] |= (isMatched ? 1L : 0) << bit;
                    ignored[rank] |= (isIgnored ? 1L : 0) << bit;
                }
            }
        }
        return new ImageMatches(wanted, matches(objects.image(), ranked, matched, ignored));
    }

    private static <S> List<DetectionMatch> matches(
            long image, List<Detection<S>> ranked, long[] matched, long[] ignored) {
        return IntStream.range(0, ranked.size())
                .mapToObj(
                        rank -> new DetectionMatch(ranked.get(rank).score(), image, rank, matched[rank], ignored[rank]))
                .toList();
    }

    /** By rank: does not count where it is unmatched. */
    private static <S> boolean[] excused(List<Detection<S>> ranked, Labelling labelling, AreaRange range) {
        boolean[] excused = new boolean[ranked.size()];
        for (int rank = 0; rank < excused.length; rank++) {
            excused[rank] = labelling == Labelling.PARTIAL
                    || !range.contains(ranked.get(rank).area());
        }
        return excused;
    }

    private static <S> double[][] overlaps(List<Detection<S>> ranked, List<Truth<S>> truths, Overlap<S> overlap) {
        double[][] overlaps = new double[ranked.size()][truths.size()];
        for (int rank = 0; rank < overlaps.length; rank++) {
            for (int truth = 0; truth < truths.size(); truth++) {
                overlaps[rank][truth] = overlap.between(ranked.get(rank).shape(), truths.get(truth));
            }
        }
        return overlaps;
    }

    /**
     * The annotated objects as one size class sees them.
     *
     * @param range the areas of the class
     * @param wanted how many are to be found
     * @param order places of the objects, those that are not to be found last
     * @param ignored by place: not to be found in this size class
     * @param crowd by place: absorbs any number of detections
     */
    private record SizeClass(AreaRange range, int wanted, int[] order, boolean[] ignored, boolean[] crowd) {

        static <S> SizeClass of(List<Truth<S>> truths, AreaRange range) {
            boolean[] crowd = new boolean[truths.size()];
            boolean[] ignored = new boolean[truths.size()];
            int wanted = 0;
            for (int place = 0; place < ignored.length; place++) {
                Truth<S> truth = truths.get(place);
                crowd[place] = truth.crowd();
                ignored[place] = truth.crowd() || !range.contains(truth.area());
                wanted += ignored[place] ? 0 : 1;
            }
            return new SizeClass(range, wanted, order(ignored, wanted), ignored, crowd);
        }

        private static int[] order(boolean[] ignored, int wanted) {
            int[] order = new int[ignored.length];
            int first = 0;
            int last = wanted;
            for (int place = 0; place < ignored.length; place++) {
                order[ignored[place] ? last++ : first++] = place;
            }
            return order;
        }

        /** For each detection by rank the place of the object it takes, or -1. */
        int[] assign(double[][] overlaps, double threshold) {
            int[] found = new int[overlaps.length];
            boolean[] taken = new boolean[order.length];
            for (int rank = 0; rank < found.length; rank++) {
                found[rank] = best(overlaps[rank], taken, Math.min(threshold, 1 - 1e-10));
                if (found[rank] >= 0) {
                    taken[found[rank]] = true;
                }
            }
            return found;
        }

        private int best(double[] overlaps, boolean[] taken, double threshold) {
            int best = -1;
            double atLeast = threshold;
            for (int place : order) {
                if (taken[place] && !crowd[place] || overlaps[place] < atLeast) {
                    continue;
                }
                if (best >= 0 && !ignored[best] && ignored[place]) {
                    break;
                }
                best = place;
                atLeast = overlaps[place];
            }
            return best;
        }
    }
}
