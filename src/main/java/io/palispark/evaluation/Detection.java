package io.palispark.evaluation;

import java.io.Serializable;

/**
 * A predicted object.
 *
 * @param shape box or mask
 * @param area area of the shape in square pixels; an unmatched detection of another size class is not held against a class
 * @param score any finite number, higher is surer
 */
public record Detection<S>(S shape, double area, double score) implements Serializable {

    public Detection {
        if (!Double.isFinite(score)) {
            throw new IllegalArgumentException("Cannot rank a detection of score " + score
                    + ": a finite number is needed, reject it when reading");
        }
        score += 0.0; // -0.0 ranks as 0.0
    }
}
