package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import io.palispark.geometry.Region;
import java.io.IOException;
import java.util.Optional;

/**
 * A COCO {@code segmentation} on its own, outside a dataset file, read by the rules of {@link CocoReader}.
 *
 * @param region what could be read; empty when nothing could
 * @param reason the first thing that is wrong
 * @param detail the value and where it stands; empty when nothing is wrong
 */
public record CocoSegmentation(Optional<Region> region, Optional<ReasonCode> reason, String detail) {

    /** Reads the next value of the parser: a list of rings, or an object of {@code size} and {@code counts}. */
    public static CocoSegmentation read(JsonParser parser, ReadLimits limits) throws IOException {
        SegmentationField field = new SegmentationField(limits);
        parser.nextToken();
        field.read(parser);
        return new CocoSegmentation(
                field.region(),
                field.defect().map(Defect::reason),
                field.defect().map(Defect::detail).orElse(""));
    }
}
