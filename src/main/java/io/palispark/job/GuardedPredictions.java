package io.palispark.job;

import io.palispark.job.GuardSettings.OnUnavailable;
import io.palispark.job.Prediction.Answer;
import java.io.IOException;

/** Predictions on their way into a part, past a content guard where there is one. Failures have no text to judge. */
@FunctionalInterface
interface GuardedPredictions {

    /** @param source file and place that the answer came from */
    void add(String source, Prediction prediction) throws IOException;

    /** @param settings null for no guard */
    static GuardedPredictions of(GuardSettings settings, PredictionPart part) throws IOException {
        if (settings == null) {
            return (source, prediction) -> part.add(prediction);
        }
        ContentGuard guard = new ContentGuard(settings, System::getenv);
        return (source, prediction) -> {
            if (prediction.outcome() instanceof Answer answer) {
                add(
                        source,
                        prediction,
                        guard.judge(prediction.prefix(), answer.text().text()),
                        settings.onUnavailable(),
                        part);
            } else {
                part.add(prediction);
            }
        };
    }

    private static void add(
            String source,
            Prediction prediction,
            GuardVerdict verdict,
            OnUnavailable onUnavailable,
            PredictionPart part) {
        part.count("guard:" + code(verdict), 1);
        if (verdict instanceof GuardVerdict.Unavailable unavailable && onUnavailable == OnUnavailable.REJECT) {
            part.reject(
                    source,
                    prediction.image(),
                    "guard-unavailable",
                    Settings.spelling(unavailable.reason()) + ": " + unavailable.detail());
        } else {
            part.add(prediction, verdict);
        }
    }

    private static String code(GuardVerdict verdict) {
        if (verdict instanceof GuardVerdict.Unavailable unavailable) {
            return "unavailable-" + Settings.spelling(unavailable.reason());
        }
        return verdict instanceof GuardVerdict.Unsafe ? "unsafe" : "safe";
    }
}
