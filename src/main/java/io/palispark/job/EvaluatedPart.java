package io.palispark.job;

import io.palispark.job.EvaluateConfig.CalibrationFit;
import io.palispark.job.EvaluateConfig.CalibrationKind;
import io.palispark.spark.PartReceipt;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the images of one part came to; all that is kept of them.
 *
 * @param summary what the driver adds up
 * @param labels what is sorted label by label
 * @param samples what a calibration is fitted on; none where none was asked for
 */
record EvaluatedPart(
        Summary summary,
        Map<CategoryAccumulation.Group, CategoryAccumulation.Share> labels,
        List<CalibrationFitting.Sampled> samples)
        implements Serializable {

    /**
     * @param receipt of the staged lines
     * @param sums of the images in order, {@linkplain EvaluationTotals#condensed condensed}
     */
    record Summary(PartReceipt receipt, List<ImageOutcome.Sums> sums) implements Serializable {}

    /** The images of a part, one after the other. */
    static final class Images {

        private final CalibrationFit calibration;
        private final List<ImageOutcome.Sums> sums = new ArrayList<>();
        private final CategoryAccumulation.Shares labels = new CategoryAccumulation.Shares();
        private final List<CalibrationFitting.Sampled> samples = new ArrayList<>();

        Images(CalibrationFit calibration) {
            this.calibration = calibration;
        }

        void add(ImageOutcome image) {
            sums.add(image.sums());
            labels.add(image);
            if (calibration.kind() != CalibrationKind.NONE && image.image() != EvaluationItem.Key.NOWHERE) {
                samples.add(CalibrationFitting.Sampled.of(image, calibration));
            }
        }

        EvaluatedPart part(PartReceipt receipt) {
            return new EvaluatedPart(new Summary(receipt, EvaluationTotals.condensed(sums)), labels.byLabel(), samples);
        }
    }
}
