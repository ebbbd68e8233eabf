package io.palispark.job;

import io.palispark.evaluation.LabelMatching;
import io.palispark.token.Convention;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How text becomes objects: the same settings in {@code decode.conf} and wherever a job reads model text.
 *
 * @param convention what the tokens mean and where masks are pasted
 * @param score what ranks the objects
 * @param corners what becomes of boxes whose edges are reversed or equal
 * @param unasked what becomes of objects whose label the prompt did not name
 * @param labels how labels are mapped to class names
 * @param suppression what becomes of objects that overlap a surer one
 */
public record AnswerRules(
        Convention convention, Score score, Corners corners, Unasked unasked, Labels labels, Suppression suppression)
        implements Serializable {

    /** The score of an object, where its tokens' probabilities are known; without them it is 1. */
    public enum Score {
        /** Probability of the first token of the label. */
        LABEL,
        /** Geometric mean over the location tokens and the first token of the label. */
        BOX_LABEL,
        /** Geometric mean over the location tokens, the segmentation tokens and the first token of the label. */
        ALL,
        /** 1, whatever the probabilities. */
        CONSTANT
    }

    /** What becomes of a box whose far edge is not beyond its near one. */
    public enum Corners {
        /** The object is dropped and counted, as big_vision's evaluator counts it as invalid. */
        DROP,
        /** Reversed edges are put in order; boxes without area are dropped. */
        REORDER,
        /** The box stays as written: reversed edges give negative extents, and its mask is empty. */
        KEEP
    }

    /** What becomes of an object that was not asked for. */
    public enum Unasked {
        FLAG,
        DROP
    }

    /**
     * @param known class names; empty takes the classes of each prompt
     * @param leastSimilarity for fuzzy mapping, 0 to 1
     */
    public record Labels(List<String> known, LabelMatching.Leniency leniency, double leastSimilarity)
            implements Serializable {}

    /**
     * @param overlap that is still kept
     * @param sigma width of the Gaussian
     * @param shape what overlaps
     */
    public record Suppression(Method method, double overlap, double sigma, Shape shape) implements Serializable {

        /** How. */
        public enum Method {
            NONE,
            NMS,
            SOFT_NMS_LINEAR,
            SOFT_NMS_GAUSSIAN
        }

        /** Of what the overlap is taken; objects without a mask overlap nothing by mask. */
        public enum Shape {
            BOX,
            MASK
        }
    }

    /**
     * Reads the keys {@code scores.rule}, {@code masks.paste}, {@code guardrails.*}, {@code labels.*}, {@code
     * suppression.*} and {@code convention.*}, whose own {@code paste} wins.
     */
    static AnswerRules read(Settings settings) {
        Map<String, String> deviations = new TreeMap<>(settings.section("convention"));
        deviations.putIfAbsent(
                "paste", settings.choice("masks.paste", Convention.Paste.class).key());
        Convention.Reading convention = Convention.BIG_VISION.with(deviations);
        convention.problems().forEach(problem -> settings.problem("convention", problem));
        return new AnswerRules(
                convention.convention(),
                settings.choice("scores.rule", Score.class),
                settings.choice("guardrails.reversed-boxes", Corners.class),
                settings.choice("guardrails.unasked-labels", Unasked.class),
                new Labels(
                        settings.texts("labels.known"),
                        settings.choice("labels.matching", LabelMatching.Leniency.class),
                        settings.number("labels.fuzzy-similarity", 0, 1)),
                new Suppression(
                        settings.choice("suppression.method", Suppression.Method.class),
                        settings.number("suppression.overlap", 0, 1),
                        settings.number("suppression.sigma", 1e-6, 1e6),
                        settings.choice("suppression.shape", Suppression.Shape.class)));
    }
}
