package io.palispark.evaluation;

import java.io.Serializable;
import java.util.List;

/**
 * One detection as calibration sees it. Objects that were missed have no confidence and do not enter.
 *
 * @param confidence 0 to 1
 * @param matched whether it found an object, at an overlap and after a suppression that the report must state
 * @param position further features from 0 to 1 that bins are cut by, usually the box's centre x, centre y, width and
 *     height as fractions of the image; may be empty
 */
public record CalibrationSample(double confidence, boolean matched, List<Double> position) implements Serializable {

    public CalibrationSample {
        position = List.copyOf(position);
        requireFraction(confidence);
        position.forEach(CalibrationSample::requireFraction);
    }

    private static void requireFraction(double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("Cannot bin a detection by " + value + ": 0 to 1 is needed");
        }
    }
}
