package io.palispark.spark;

import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.Finding;
import io.palispark.annotation.Frame;
import io.palispark.annotation.FrameDecision;
import io.palispark.annotation.FrameRule;
import io.palispark.annotation.Outcome;
import io.palispark.annotation.ReasonCode;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.Orientation;
import io.palispark.image.ContentRead;
import io.palispark.image.ImageContent;
import io.palispark.image.ImageFacts;
import io.palispark.image.ImageFault;
import io.palispark.image.ImageInspection;
import io.palispark.image.ImageLimits;
import io.palispark.image.ImageProbe;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * Sizes of the pictures behind image rows, and what makes their annotations upright.
 *
 * @param images where the pictures are; empty believes the declared sizes
 * @param whenAmbiguous the frame of annotations where sizes cannot tell
 * @param limits what a declared size may not exceed either
 */
public record PictureFrames(Optional<ImageSource> images, Frame whenAmbiguous, ImageLimits limits) {

    /**
     * Where the objects of one image stand.
     *
     * @param size of the frame that the annotations are in; empty when the image is rejected
     * @param turn what makes them upright
     * @param findings the last one rejects where the size is empty
     */
    public record Placement(Optional<ImageSize> size, Orientation turn, List<Finding> findings)
            implements Serializable {}

    /**
     * Looks at one picture.
     *
     * @param source name of the annotation file, for the findings
     * @throws IOException when the picture's bytes cannot be had; a bad picture is a placement
     */
    public Placement place(String source, ImageRow row) throws IOException {
        if (images.isEmpty()) {
            return declared(source, row);
        }
        Optional<ImageSource.Found> found = images.get().find(row.fileName());
        if (found.isEmpty()) {
            String detail =
                    "no file " + row.fileName() + " below " + images.get().root();
            return rejected(source, row, ReasonCode.IMAGE_MISSING, detail);
        }
        ImageInspection inspection = inspect(found.get());
        return inspection instanceof ImageFault fault
                ? rejected(source, row, reason(fault), fault.detail())
                : place(source, row, (ImageFacts) inspection);
    }

    private Placement declared(String source, ImageRow row) {
        long pixels = (long) row.declaredHeight() * row.declaredWidth();
        if (row.declaredHeight() <= 0 || row.declaredWidth() <= 0) {
            return rejected(source, row, ReasonCode.IMAGE_SIZE_MISSING, "no size declared and no pictures given");
        }
        if (pixels > limits.maximumPixels()) {
            String detail = "declared %d x %d pixels, the limit is %d"
                    .formatted(row.declaredWidth(), row.declaredHeight(), limits.maximumPixels());
            return rejected(source, row, ReasonCode.IMAGE_TOO_LARGE, detail);
        }
        ImageSize size = new ImageSize(row.declaredHeight(), row.declaredWidth());
        return new Placement(Optional.of(size), Orientation.UPRIGHT, List.of());
    }

    private ImageInspection inspect(ImageSource.Found picture) throws IOException {
        ContentRead content = picture.read();
        return content instanceof ImageFault fault
                ? fault
                : new ImageProbe(limits).inspect(((ImageContent) content).bytes());
    }

    private Placement place(String source, ImageRow row, ImageFacts facts) {
        FrameDecision decision =
                new FrameRule(source, whenAmbiguous).decide(row, facts.storedSize(), facts.orientation());
        Orientation turn = switch (decision.frame()) {
            case STORED -> Orientation.ofExif(facts.orientation());
            case UPRIGHT -> Orientation.UPRIGHT;
        };
        Optional<ImageSize> size = decision.isRejected() ? Optional.empty() : Optional.of(decision.size());
        return new Placement(size, turn, decision.findings());
    }

    private static Placement rejected(String source, ImageRow row, ReasonCode reason, String detail) {
        Finding finding = new Finding(source, row.imageId(), "", reason, Outcome.REJECT_IMAGE, detail);
        return new Placement(Optional.empty(), Orientation.UPRIGHT, List.of(finding));
    }

    /** The reason code of a picture that is refused. */
    public static ReasonCode reason(ImageFault fault) {
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
