package io.palispark.job;

import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.CheckedObject;
import io.palispark.geometry.ConnectedComponents;
import io.palispark.geometry.Connectivity;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.RunLengthMask;
import io.palispark.token.Convention;
import io.palispark.vqvae.MaskCodec;
import io.palispark.vqvae.RefinementEffort;
import io.palispark.vqvae.RoundTrip;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Objects through bins and codec, pasted by both rules: the same tokens, decoded once. */
final class AuditMeasurement {

    private static final double MEDIUM_FROM = 32 * 32;
    private static final double LARGE_FROM = 96 * 96;

    private final RoundTrip floored;
    private final RoundTrip rounded;
    private final PrepareConfig.Codes codes;

    AuditMeasurement(AuditConfig config) {
        MaskCodec codec = PrepareTools.codec(config.codec());
        this.floored = new RoundTrip(codec, pasting(config.convention(), "floored"));
        this.rounded = new RoundTrip(codec, pasting(config.convention(), "rounded"));
        this.codes = config.codec().codes();
    }

    private static Convention pasting(Convention convention, String rule) {
        return convention.with(Map.of("paste", rule)).orElseThrow();
    }

    /** Objects with a mask, in the given order; empty for one whose crop has no pixel. */
    List<Optional<AuditedObject>> measure(List<CheckedObject> objects) {
        List<Optional<RoundTrip.Result>> official = floored.measure(objects.stream()
                .map(object -> new RoundTrip.Subject(object.mask().orElseThrow(), object.box()))
                .toList());
        List<Optional<AuditedObject>> audited = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            CheckedObject object = objects.get(i);
            audited.add(official.get(i).map(result -> audited(object, result)));
        }
        return audited;
    }

    private AuditedObject audited(CheckedObject object, RoundTrip.Result official) {
        ObjectRow row = object.source();
        RunLengthMask mask = object.mask().orElseThrow();
        RoundTrip.Result ours = rounded.paste(mask, official.bins(), official.codes(), official.decoded());
        RoundTrip.BoxError box = floored.boxError(object.box(), mask.size());
        return new AuditedObject(
                row.imageId(),
                row.objectId(),
                row.label(),
                sizeClass(Double.isNaN(row.area()) ? mask.area() : row.area()),
                mask.size().height(),
                mask.size().width(),
                pieces(mask, 1),
                pieces(mask, 0) - 1,
                official.iou(),
                ours.iou(),
                refined(object),
                box.iou(),
                box.largestShift(),
                mask.counts(),
                ours.pasted().counts());
    }

    private static String sizeClass(double area) {
        return area < MEDIUM_FROM ? "small" : area < LARGE_FROM ? "medium" : "large";
    }

    private double refined(CheckedObject object) {
        return switch (codes) {
            case ENCODER -> Double.NaN;
            case REFINED ->
                rounded.measureRefined(object.mask().orElseThrow(), object.box(), RefinementEffort.DEFAULT)
                        .map(RoundTrip.Result::iou)
                        .orElse(0.0);
        };
    }

    /** Connected pieces of one value on the mask's block with a frame of background around it. */
    private static int pieces(RunLengthMask mask, int value) {
        PixelBox block = mask.pixelBounds();
        ImageSize framed = new ImageSize(block.height() + 2, block.width() + 2);
        byte[] bitmap = mask.bitmap(block);
        int[] raster = new int[framed.height() * framed.width()];
        for (int row = 0; row < block.height(); row++) {
            for (int column = 0; column < block.width(); column++) {
                raster[(row + 1) * framed.width() + column + 1] = bitmap[row * block.width() + column];
            }
        }
        Connectivity connectivity = value == 1 ? Connectivity.EIGHT : Connectivity.FOUR;
        return ConnectedComponents.of(framed, raster, pixel -> pixel != value, connectivity)
                .size();
    }
}
