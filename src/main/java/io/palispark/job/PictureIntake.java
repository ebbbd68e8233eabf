package io.palispark.job;

import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.Finding;
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
import io.palispark.image.ImageProbe;
import io.palispark.image.RgbDecoder;
import io.palispark.spark.ImageSource;
import io.palispark.spark.PictureFrames;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Finds a picture, reads its header once, and decides in which frame its annotations stand. */
final class PictureIntake {

    private final String source;
    private final ImageSource folder;
    private final ImageProbe probe;
    private final PrepareConfig.ImagesCheck check;
    private final PrepareConfig.Frames frames;
    private final FrameRule rule;

    PictureIntake(String source, ImageSource folder, PrepareConfig.Input input) {
        this.source = source;
        this.folder = folder;
        this.probe = new ImageProbe(folder.limits());
        this.check = input.imagesCheck();
        this.frames = input.frames();
        this.rule = new FrameRule(source, frames.ambiguousAnnotations());
    }

    /**
     * A picture let in, or refused.
     *
     * @param image its name below the image root; the stated one when refused
     * @param size the frame of its annotations; empty when refused
     * @param turn what brings annotations into the frame that the trainer will see
     * @param findings the last one rejects when refused
     */
    record Verdict(String image, Optional<ImageSize> size, Orientation turn, List<Finding> findings) {}

    Verdict inspect(ImageRow row, Optional<ImageSource.Found> found) throws IOException {
        if (found.isEmpty()) {
            return refused(row, ReasonCode.IMAGE_MISSING, "no file " + row.fileName() + " below " + folder.root());
        }
        ContentRead content = found.get().read();
        if (content instanceof ImageFault fault) {
            return refused(row, PictureFrames.reason(fault), fault.detail());
        }
        ImageInspection inspection = probe.inspect(((ImageContent) content).bytes());
        if (inspection instanceof ImageFault fault) {
            return refused(row, PictureFrames.reason(fault), fault.detail());
        }
        if (check == PrepareConfig.ImagesCheck.DECODE
                && new RgbDecoder(folder.limits())
                                .decode(((ImageContent) content).bytes(), io.palispark.image.Frame.STORED)
                        instanceof ImageFault fault) {
            return refused(row, PictureFrames.reason(fault), fault.detail());
        }
        return frame(row, found.get().name(), (ImageFacts) inspection);
    }

    private Verdict frame(ImageRow row, String image, ImageFacts facts) {
        FrameDecision decision = rule.decide(row, facts.storedSize(), facts.orientation());
        if (decision.isRejected()) {
            return new Verdict(row.fileName(), Optional.empty(), Orientation.UPRIGHT, decision.findings());
        }
        Orientation turn = decision.frame() == frames.training()
                ? Orientation.UPRIGHT
                : switch (frames.training()) {
                    case UPRIGHT -> Orientation.ofExif(facts.orientation());
                    case STORED -> Orientation.ofExif(facts.orientation()).inverse();
                };
        return new Verdict(image, Optional.of(decision.size()), turn, decision.findings());
    }

    private Verdict refused(ImageRow row, ReasonCode reason, String detail) {
        return new Verdict(
                row.fileName(),
                Optional.empty(),
                Orientation.UPRIGHT,
                List.of(finding(row, reason, Outcome.REJECT_IMAGE, detail)));
    }

    private Finding finding(ImageRow row, ReasonCode reason, Outcome outcome, String detail) {
        return new Finding(source, row.fileName(), "", reason, outcome, detail);
    }
}
