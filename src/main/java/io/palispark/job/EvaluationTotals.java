package io.palispark.job;

import io.palispark.evaluation.Anls;
import io.palispark.evaluation.Bleu;
import io.palispark.evaluation.CaptionTokenizer;
import io.palispark.evaluation.Cider;
import io.palispark.evaluation.CountingError;
import io.palispark.evaluation.OperatingPoint;
import io.palispark.evaluation.ReferringScore;
import io.palispark.evaluation.RougeL;
import io.palispark.evaluation.VqaAccuracy;
import io.palispark.evaluation.VqaRules;
import io.palispark.job.ImageOutcome.AnsweredQuestion;
import io.palispark.job.ImageOutcome.Captioned;
import io.palispark.job.ImageOutcome.Mean;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What is added up over images, always in the order of their numbers, so that sums have the same last bits. */
final class EvaluationTotals {

    private static final EvaluationTotals NONE = new EvaluationTotals();

    private final TreeMap<String, Long> counts = new TreeMap<>();
    private final TreeMap<String, OperatingPoint> boxes = new TreeMap<>();
    private final TreeMap<String, OperatingPoint> masks = new TreeMap<>();
    private final TreeMap<String, TreeMap<String, Long>> confusion = new TreeMap<>();
    private final List<List<String>> captions = new ArrayList<>();
    private final List<List<List<String>>> references = new ArrayList<>();
    private final VqaAccuracy official = new VqaAccuracy(VqaRules.OFFICIAL);
    private final VqaAccuracy bigVision = new VqaAccuracy(VqaRules.BIG_VISION);
    private Mean boxOverlap = Mean.NONE;
    private Mean maskOverlap = Mean.NONE;
    private Mean ceiling = Mean.NONE;
    private Mean vqaOfficial = Mean.NONE;
    private Mean vqaBigVision = Mean.NONE;
    private Mean anls = Mean.NONE;
    private CountingError counting = CountingError.NONE;
    private ReferringScore referring = ReferringScore.NONE;

    void add(ImageOutcome.Sums sums) {
        addWhole(sums);
        boxOverlap = boxOverlap.plus(sums.boxOverlap());
        maskOverlap = maskOverlap.plus(sums.maskOverlap());
        ceiling = ceiling.plus(sums.ceiling());
        referring = referring.plus(sums.referring());
        sums.texts().forEach(this::add);
    }

    private void addWhole(ImageOutcome.Sums sums) {
        sums.counts().forEach((name, count) -> counts.merge(name, count, Long::sum));
        sums.boxes().forEach((label, point) -> boxes.merge(label, point, OperatingPoint::plus));
        sums.masks().forEach((label, point) -> masks.merge(label, point, OperatingPoint::plus));
        sums.confusion()
                .forEach((truth, row) -> row.forEach((detected, count) -> confusion
                        .computeIfAbsent(truth, absent -> new TreeMap<>())
                        .merge(detected, count, Long::sum)));
        counting = counting.plus(sums.counting());
    }

    /**
     * The sums of neighbouring images with all whole numbers in the first: a driver that adds them gets the same, to the
     * last bit of its fractions, and has a fraction of the objects to hold.
     */
    static List<ImageOutcome.Sums> condensed(List<ImageOutcome.Sums> images) {
        EvaluationTotals whole = new EvaluationTotals();
        images.forEach(whole::addWhole);
        List<ImageOutcome.Sums> condensed = new ArrayList<>();
        for (ImageOutcome.Sums image : images) {
            EvaluationTotals kept = condensed.isEmpty() ? whole : NONE;
            condensed.add(new ImageOutcome.Sums(
                    kept.counts,
                    kept.boxes,
                    kept.masks,
                    image.boxOverlap(),
                    image.maskOverlap(),
                    image.ceiling(),
                    kept.counting,
                    image.referring(),
                    kept.confusion,
                    image.texts()));
        }
        return condensed;
    }

    private void add(ImageOutcome.TextOutcome text) {
        if (text instanceof Captioned captioned) {
            captions.add(CaptionTokenizer.tokens(captioned.caption()));
            references.add(captioned.references().stream()
                    .map(CaptionTokenizer::tokens)
                    .toList());
        } else if (text instanceof AnsweredQuestion answered) {
            vqaOfficial = vqaOfficial.plus(official.of(answered.answer(), answered.humans()));
            vqaBigVision = vqaBigVision.plus(bigVision.of(answered.answer(), answered.humans()));
            anls = anls.plus(Anls.of(answered.answer(), answered.humans()));
        }
    }

    /**
     * Caption metrics of all captioned images together.
     *
     * @param bleu BLEU-1 to BLEU-4
     */
    record CaptionScores(long captions, double cider, List<Double> bleu, double rougeL) {}

    /** The scores of at least one caption. */
    CaptionScores captionScores() {
        Cider cider = new Cider(Cider.DocumentFrequencies.of(references));
        Mean ciders = Mean.NONE;
        Mean rouges = Mean.NONE;
        Bleu bleu = Bleu.NONE;
        for (int i = 0; i < captions.size(); i++) {
            ciders = ciders.plus(cider.score(captions.get(i), references.get(i)));
            rouges = rouges.plus(RougeL.of(captions.get(i), references.get(i)));
            bleu = bleu.plus(Bleu.of(captions.get(i), references.get(i)));
        }
        return new CaptionScores(captions.size(), ciders.value(), bleu.scores(), rouges.value());
    }

    boolean hasCaptions() {
        return !captions.isEmpty();
    }

    TreeMap<String, Long> counts() {
        return counts;
    }

    TreeMap<String, OperatingPoint> boxes() {
        return boxes;
    }

    TreeMap<String, OperatingPoint> masks() {
        return masks;
    }

    TreeMap<String, TreeMap<String, Long>> confusion() {
        return confusion;
    }

    Mean boxOverlap() {
        return boxOverlap;
    }

    Mean maskOverlap() {
        return maskOverlap;
    }

    Mean ceiling() {
        return ceiling;
    }

    Mean vqaOfficial() {
        return vqaOfficial;
    }

    Mean vqaBigVision() {
        return vqaBigVision;
    }

    Mean anls() {
        return anls;
    }

    CountingError counting() {
        return counting;
    }

    ReferringScore referring() {
        return referring;
    }
}
