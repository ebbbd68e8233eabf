package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.dataset.Ledger;
import java.io.Serializable;
import java.util.Comparator;

/**
 * What a prepared dataset must keep to be published.
 *
 * @param maximumRejectRatio largest share of rejected records of a kind
 * @param maximumLowMasks largest share of masks whose IoU after the round trip is below codec.minimum-iou
 * @param minimumMaskIou smallest mean IoU of masks after the round trip
 * @param maximumSimilarTexts largest share of pairs of captions or answers that have 80 % of their words in common
 * @param maximumBudgetLoss largest share of objects that the token budget leaves out
 */
record PrepareGates(
        double maximumRejectRatio,
        double maximumLowMasks,
        double minimumMaskIou,
        double maximumSimilarTexts,
        double maximumBudgetLoss)
        implements Serializable {

    static PrepareGates read(Settings settings) {
        PrepareGates gates = new PrepareGates(
                settings.number("gates.max-reject-ratio", 0, 1),
                settings.number("gates.max-low-masks", 0, 1),
                settings.number("gates.minimum-mask-iou", 0, 1),
                settings.number("gates.max-similar-texts", 0, 1),
                settings.number("gates.max-budget-loss", 0, 1));
        boolean needsMasks = gates.maximumLowMasks < 1 || gates.minimumMaskIou > 0;
        if (needsMasks && settings.number("codec.minimum-iou", 0, 1) == 0) {
            settings.problem(
                    gates.minimumMaskIou > 0 ? "gates.minimum-mask-iou" : "gates.max-low-masks",
                    "masks are measured only where codec.minimum-iou is above 0: set it");
        }
        return gates;
    }

    /** @param rejects folder that a message points to */
    void checkRejects(Ledger ledger, String rejects) {
        for (RowKind kind : RowKind.values()) {
            double ratio = ledger.of(kind).defectRatio();
            if (ratio > maximumRejectRatio) {
                throw new GateException(
                        "Cannot publish the dataset: %.1f %% of all %s records were rejected, most of them as %s, and gates.max-reject-ratio is %s; all are in %s"
                                .formatted(
                                        100 * ratio,
                                        Settings.spelling(kind),
                                        commonestDefect(ledger, kind),
                                        maximumRejectRatio,
                                        rejects),
                        ledger);
            }
        }
    }

    private static String commonestDefect(Ledger ledger, RowKind kind) {
        return ledger.reasons().stream()
                .filter(reason -> reason.kind() == kind && reason.outcome().isReject())
                .max(Comparator.comparingLong(Ledger.ReasonCount::count))
                .map(reason -> reason.reason().code())
                .orElse("unknown");
    }

    /** @param guardrails as {@link Guardrails#measure} gives them */
    void checkGuardrails(JsonNode guardrails, Ledger ledger) {
        JsonNode masks = guardrails.path("masks");
        double measured = masks.path("measured").asDouble();
        if (measured > 0) {
            double low = masks.path("below_minimum").asDouble() / measured;
            most(low, maximumLowMasks, "gates.max-low-masks", "of all masks lose too much in their tokens", ledger);
            double mean = masks.path("mean_iou").asDouble();
            if (mean < minimumMaskIou) {
                throw new GateException(
                        "Cannot publish the dataset: masks come back from their tokens with a mean IoU of %.4f, and gates.minimum-mask-iou is %s"
                                .formatted(mean, minimumMaskIou),
                        ledger);
            }
        }
        for (JsonNode texts : guardrails.path("captions")) {
            most(
                    texts.path("largely_similar_pairs").asDouble(),
                    maximumSimilarTexts,
                    "gates.max-similar-texts",
                    "of all pairs of captions or answers have 80 % of their words in common",
                    ledger);
        }
        long objects = ledger.of(RowKind.OBJECT).input();
        double lost = objects == 0
                ? 0
                : guardrails.path("objects").path("left_out_by_budget").asDouble() / objects;
        most(lost, maximumBudgetLoss, "gates.max-budget-loss", "of all objects have no room in budget.tokens", ledger);
    }

    private static void most(double share, double limit, String gate, String what, Ledger ledger) {
        if (share > limit) {
            throw new GateException(
                    "Cannot publish the dataset: %.1f %% ".formatted(100 * share) + what + ", and " + gate + " is "
                            + limit,
                    ledger);
        }
    }
}
