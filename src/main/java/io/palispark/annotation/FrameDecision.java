package io.palispark.annotation;

import io.palispark.geometry.ImageSize;
import java.io.Serializable;
import java.util.List;

/**
 * Which frame the annotations of one image are in.
 *
 * @param frame of no meaning when the image is rejected
 * @param size decoded size in that frame: what objects are checked against
 */
public record FrameDecision(Frame frame, ImageSize size, List<Finding> findings) implements Serializable {

    public FrameDecision {
        findings = List.copyOf(findings);
    }

    public boolean isRejected() {
        return findings.stream().anyMatch(finding -> finding.outcome().isReject());
    }
}
