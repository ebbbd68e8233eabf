package io.palispark.annotation;

import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.Orientation;
import io.palispark.geometry.RunLengthMask;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * An object held against its image.
 *
 * @param box inside the image and not empty; of no meaning when the object is rejected
 * @param mask at image size and not empty
 * @param findings at most one of them rejects, and then it is the only one
 */
public record CheckedObject(ObjectRow source, Box box, Optional<RunLengthMask> mask, List<Finding> findings)
        implements Serializable {

    public CheckedObject {
        findings = List.copyOf(findings);
    }

    public boolean isRejected() {
        return findings.stream().anyMatch(finding -> finding.outcome().isReject());
    }

    /** The object on the turned picture; {@code size} is the picture's before the turn. */
    public CheckedObject turned(Orientation turn, ImageSize size) {
        return turn == Orientation.UPRIGHT
                ? this
                : new CheckedObject(source, turn.apply(box, size), mask.map(turn::apply), findings);
    }
}
