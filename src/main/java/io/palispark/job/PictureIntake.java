package io.palispark.job;

import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.Finding;
import io.palispark.annotation.Outcome;
import io.palispark.annotation.ReasonCode;
import io.palispark.geometry.ImageSize;
import io.palispark.image.ContentRead;
import io.palispark.image.ImageContent;
import io.palispark.image.ImageFacts;
import io.palispark.image.ImageFault;
import io.palispark.image.ImageInspection;
import io.palispark.image.ImageProbe;
import io.palispark.spark.ImageFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds a picture, reads its header once, and decides in which frame its annotations stand. */
final class PictureIntake {

    private final String source;
    private final ImageFolder folder;
    private final ImageProbe probe;
    private final PrepareConfig.Frame frames;

    PictureIntake(String source, ImageFolder folder, PrepareConfig.Frame frames) {
        this.source = source;
        this.folder = folder;
        this.probe = new ImageProbe(folder.limits());
        this.frames = frames;
    }

    /**
     * A picture let in, or refused.
     *
     * @param image its name below the image root; the stated one when refused
     * @param size the frame of its annotations; empty when refused
     * @param findings the last one rejects when refused
     */
    record Verdict(String image, Optional<ImageSize> size, List<Finding> findings) {}

    Verdict inspect(ImageRow row, Optional<ImageFolder.Found> found) throws IOException {
        if (found.isEmpty()) {
            return refused(row, ReasonCode.IMAGE_MISSING, "no file " + row.fileName() + " below " + folder.root());
        }
        ContentRead content = folder.read(found.get());
        if (content instanceof ImageFault fault) {
            return refused(row, reason(fault), fault.detail());
        }
        ImageInspection inspection = probe.inspect(((ImageContent) content).bytes());
        if (inspection instanceof ImageFault fault) {
            return refused(row, reason(fault), fault.detail());
        }
        return frame(row, found.get().name(), (ImageFacts) inspection);
    }

    /** The decision rule of the reference note on annotation formats, section 3.1. */
    private Verdict frame(ImageRow row, String image, ImageFacts facts) {
        List<Finding> findings = new ArrayList<>();
        ImageSize stored = facts.storedSize();
        ImageSize upright = facts.uprightSize();
        boolean declared = row.declaredHeight() > 0 && row.declaredWidth() > 0;
        if (!declared) {
            findings.add(
                    finding(row, ReasonCode.IMAGE_SIZE_MISSING, Outcome.REPAIR, "taken from the picture: " + upright));
        }
        ImageSize stated = declared ? new ImageSize(row.declaredHeight(), row.declaredWidth()) : upright;
        if (!stated.equals(stored) && !stated.equals(upright)) {
            return refused(
                    row,
                    ReasonCode.IMAGE_SIZE_MISMATCH,
                    "declared " + stated + ", decoded " + stored
                            + (stored.equals(upright) ? "" : ", upright " + upright));
        }
        PrepareConfig.PictureFrame annotated = frames.ambiguousAnnotations();
        boolean turned = facts.orientation() > 1;
        if (turned && !stored.equals(upright) && declared) {
            annotated = stated.equals(upright) ? PrepareConfig.PictureFrame.UPRIGHT : PrepareConfig.PictureFrame.STORED;
        } else if (turned) {
            findings.add(finding(
                    row,
                    ReasonCode.EXIF_AMBIGUOUS,
                    Outcome.WARN,
                    "orientation " + facts.orientation() + "; taken as " + annotated));
        }
        if (turned && annotated != frames.training()) {
            return refused(
                    row,
                    ReasonCode.EXIF_AMBIGUOUS,
                    "annotations are " + annotated + " and input.exif-frame is " + frames.training()
                            + "; set it to the same frame");
        }
        return new Verdict(image, Optional.of(stated), findings);
    }

    private Verdict refused(ImageRow row, ReasonCode reason, String detail) {
        return new Verdict(
                row.fileName(), Optional.empty(), List.of(finding(row, reason, Outcome.REJECT_IMAGE, detail)));
    }

    private Finding finding(ImageRow row, ReasonCode reason, Outcome outcome, String detail) {
        return new Finding(source, row.fileName(), "", reason, outcome, detail);
    }

    private static ReasonCode reason(ImageFault fault) {
        return switch (fault.kind()) {
            case EMPTY_FILE -> ReasonCode.FILE_EMPTY;
            case NOT_AN_IMAGE -> ReasonCode.IMAGE_KIND_UNKNOWN;
            case UNSUPPORTED_FORMAT -> ReasonCode.IMAGE_FORMAT_UNSUPPORTED;
            case TRUNCATED -> ReasonCode.IMAGE_TRUNCATED;
            case DAMAGED -> ReasonCode.IMAGE_DAMAGED;
            case TOO_MANY_PIXELS, TOO_MANY_BYTES -> ReasonCode.IMAGE_TOO_LARGE;
        };
    }
}
