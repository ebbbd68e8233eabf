package io.palispark.job;

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
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Sizes of the pictures behind image rows, on the local file system.
 *
 * @param folder the image root; empty believes the declared sizes
 * @param whenAmbiguous the frame of annotations where sizes cannot tell
 */
public record PictureFrames(Optional<Path> folder, Frame whenAmbiguous, ImageLimits limits) {

    /**
     * Where the objects of one image stand.
     *
     * @param size of the frame that the annotations are in; empty when the image is rejected
     * @param turn what makes them upright
     */
    record Placement(Optional<ImageSize> size, Orientation turn, List<Finding> findings) {}

    Placement place(String source, ImageRow row) throws IOException {
        if (folder.isEmpty()) {
            boolean declared = row.declaredHeight() > 0 && row.declaredWidth() > 0;
            return declared
                    ? new Placement(
                            Optional.of(new ImageSize(row.declaredHeight(), row.declaredWidth())),
                            Orientation.UPRIGHT,
                            List.of())
                    : rejected(source, row, ReasonCode.IMAGE_SIZE_MISSING, "no size declared and no pictures given");
        }
        Path file = folder.get().resolve(row.fileName());
        if (!Files.isRegularFile(file)) {
            return rejected(source, row, ReasonCode.IMAGE_MISSING, "no file " + file);
        }
        ImageInspection inspection = inspect(file);
        return inspection instanceof ImageFault fault
                ? rejected(source, row, PictureIntake.reason(fault), fault.detail())
                : place(source, row, (ImageFacts) inspection);
    }

    private ImageInspection inspect(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            ContentRead content = ImageContent.read(stream, limits);
            return content instanceof ImageFault fault
                    ? fault
                    : new ImageProbe(limits).inspect(((ImageContent) content).bytes());
        }
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
}
