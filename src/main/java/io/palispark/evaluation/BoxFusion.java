package io.palispark.evaluation;

import io.palispark.geometry.Box;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Weighted boxes fusion (Solovyev et al., 2021; as ensemble-boxes): boxes of one label from several models, or several
 * samples of one, become one box a cluster, the mean of its members weighed by their scores. A box joins the cluster
 * whose fused box it overlaps most. Unlike the reference, equal scores keep the order of the models and boxes.
 *
 * @param threshold overlap that a box must be above to join a cluster
 * @param weights trust in each model, above 0
 */
public record BoxFusion(double threshold, List<Double> weights) {

    public BoxFusion {
        weights = List.copyOf(weights);
    }

    /**
     * The fused boxes of one label, best score first. The score is the members' mean, lowered where fewer members than
     * models agree.
     *
     * @param models each model's detections; boxes that hold no point are left out
     */
    public List<Detection<Box>> fused(List<List<Detection<Box>>> models) {
        if (models.size() != weights.size()) {
            throw new IllegalArgumentException("Cannot fuse the boxes of " + models.size() + " models with "
                    + weights.size() + " weights: one a model is needed");
        }
        List<Cluster> clusters = new ArrayList<>();
        for (Detection<Box> detection : weighted(models)) {
            Cluster nearest = null;
            double most = threshold;
            for (Cluster cluster : clusters) {
                double overlap = cluster.box().iou(detection.shape());
                if (overlap > most) {
                    most = overlap;
                    nearest = cluster;
                }
            }
            if (nearest == null) {
                nearest = new Cluster();
                clusters.add(nearest);
            }
            nearest.add(detection);
        }
        double trust = weights.stream().mapToDouble(Double::doubleValue).sum();
        return clusters.stream()
                .map(cluster -> cluster.fused(models.size(), trust))
                .sorted(byScore())
                .toList();
    }

    private List<Detection<Box>> weighted(List<List<Detection<Box>>> models) {
        List<Detection<Box>> weighted = new ArrayList<>();
        for (int model = 0; model < models.size(); model++) {
            for (Detection<Box> detection : models.get(model)) {
                if (!detection.shape().isEmpty()) {
                    weighted.add(new Detection<>(
                            detection.shape(), detection.area(), detection.score() * weights.get(model)));
                }
            }
        }
        weighted.sort(byScore());
        return weighted;
    }

    private static Comparator<Detection<Box>> byScore() {
        return Comparator.comparingDouble((Detection<Box> detection) -> detection.score())
                .reversed();
    }

    private static final class Cluster {

        private double left;
        private double top;
        private double right;
        private double bottom;
        private double score;
        private int members;

        void add(Detection<Box> detection) {
            Box box = detection.shape();
            left += detection.score() * box.x();
            top += detection.score() * box.y();
            right += detection.score() * box.right();
            bottom += detection.score() * box.bottom();
            score += detection.score();
            members++;
        }

        Box box() {
            return Box.between(left / score, top / score, right / score, bottom / score);
        }

        Detection<Box> fused(int models, double trust) {
            Box box = box();
            return new Detection<>(box, box.area(), score / members * Math.min(models, members) / trust);
        }
    }
}
