package io.palispark.annotation;

import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.geometry.ImageSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tells from sizes which frame an image's annotations are in. Only a quarter turn of a picture that is not square shows
 * in its size; for the rest a policy decides and the finding says so.
 *
 * @param source name of the annotation file, for the findings
 * @param whenAmbiguous the frame where sizes cannot tell
 */
public record FrameRule(String source, Frame whenAmbiguous) {

    private static final double SAME_ASPECT = 0.005;

    /**
     * Decides for one image.
     *
     * @param image the annotation file's row; its declared size may be absent
     * @param stored size of the pixel array in the picture file
     * @param orientation EXIF orientation 1 to 8, 1 where the file names none
     */
    public FrameDecision decide(ImageRow image, ImageSize stored, int orientation) {
        ImageSize upright = orientation >= 5 ? stored.transposed() : stored;
        List<Finding> findings = new ArrayList<>();
        boolean sizeKnown = image.declaredHeight() > 0 && image.declaredWidth() > 0;
        if (!sizeKnown && image.claim() != SizeClaim.NONE) {
            String detail = "declared " + declared(image) + ", decoded " + stored;
            findings.add(finding(image, ReasonCode.IMAGE_SIZE_MISSING, Outcome.REPAIR, detail));
        } else if (sizeKnown && !isSize(image, stored) && !isSize(image, upright)) {
            ReasonCode reason =
                    image.claim() == SizeClaim.PAINTED ? ReasonCode.MASK_SIZE_MISMATCH : ReasonCode.IMAGE_SIZE_MISMATCH;
            Finding mismatch = finding(image, reason, Outcome.REJECT_IMAGE, mismatch(image, stored, upright));
            return new FrameDecision(Frame.STORED, stored, List.of(mismatch));
        }
        boolean sizesTell = sizeKnown && !stored.equals(upright);
        if (orientation == 1 || sizesTell) {
            Frame frame = orientation != 1 && isSize(image, upright) ? Frame.UPRIGHT : Frame.STORED;
            return decided(frame, stored, upright, findings);
        }
        String detail = "orientation " + orientation + " on a " + stored + " picture, declared " + declared(image)
                + ": taken as " + whenAmbiguous.name().toLowerCase(Locale.ROOT);
        findings.add(finding(image, ReasonCode.EXIF_AMBIGUOUS, Outcome.WARN, detail));
        return decided(whenAmbiguous, stored, upright, findings);
    }

    private static FrameDecision decided(Frame frame, ImageSize stored, ImageSize upright, List<Finding> findings) {
        return new FrameDecision(
                frame,
                switch (frame) {
                    case STORED -> stored;
                    case UPRIGHT -> upright;
                },
                findings);
    }

    private static String mismatch(ImageRow image, ImageSize stored, ImageSize upright) {
        boolean rescaled = sameAspect(image, stored) || sameAspect(image, upright);
        return "declared " + declared(image) + ", decoded " + stored
                + (rescaled ? ": the same aspect, the picture or its annotations were rescaled" : "");
    }

    private static boolean sameAspect(ImageRow image, ImageSize size) {
        double ratio =
                (double) image.declaredWidth() * size.height() / ((double) image.declaredHeight() * size.width());
        return Math.abs(ratio - 1) <= SAME_ASPECT;
    }

    private static boolean isSize(ImageRow image, ImageSize size) {
        return image.declaredHeight() == size.height() && image.declaredWidth() == size.width();
    }

    private static String declared(ImageRow image) {
        return image.declaredHeight() + "x" + image.declaredWidth();
    }

    private Finding finding(ImageRow image, ReasonCode reason, Outcome outcome, String detail) {
        return new Finding(source, image.imageId(), "", reason, outcome, detail);
    }
}
