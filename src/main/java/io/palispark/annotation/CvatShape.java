package io.palispark.annotation;

import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.RunLengthMask;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** CVAT's shapes as regions. Angles are degrees clockwise about the centre; runs of a mask are row by row over its crop. */
final class CvatShape {

    private final Optional<ImageSize> image;
    private final ReadLimits limits;

    /** @param image size of the picture, where known: a painted mask needs it */
    CvatShape(Optional<ImageSize> image, ReadLimits limits) {
        this.image = image;
        this.limits = limits;
    }

    void read(XmlElement shape, ObjectDraft draft) {
        switch (shape.name()) {
            case "box" -> box(shape, draft);
            case "polygon" -> polygon(shape, draft);
            case "ellipse" -> ellipse(shape, draft);
            case "mask" -> mask(shape, draft);
            default -> draft.reject(ReasonCode.SHAPE_KIND_UNSUPPORTED, "a " + shape.name() + " has no region");
        }
    }

    /** The numbers of attributes; empty, and the object rejected, where one is missing or no number. */
    private static Optional<double[]> numbers(XmlElement shape, List<String> names, ObjectDraft draft) {
        double[] numbers = new double[names.size()];
        for (int i = 0; i < numbers.length; i++) {
            String text = shape.attribute(names.get(i));
            if (text == null) {
                draft.reject(ReasonCode.BOX_FIELD_COUNT, "no " + names.get(i));
                return Optional.empty();
            }
            numbers[i] = draft.number(text, names.get(i));
        }
        return draft.isRejected() ? Optional.empty() : Optional.of(numbers);
    }

    private static double rotation(XmlElement shape, ObjectDraft draft) {
        String text = shape.attribute("rotation");
        return text == null ? 0 : draft.number(text, "rotation");
    }

    private void box(XmlElement shape, ObjectDraft draft) {
        double degrees = rotation(shape, draft);
        numbers(shape, List.of("xtl", "ytl", "xbr", "ybr"), draft).ifPresent(sides -> {
            draft.corners(sides[0], sides[1], sides[2], sides[3]);
            double[] corners = {sides[0], sides[1], sides[2], sides[1], sides[2], sides[3], sides[0], sides[3]};
            double[] turned = Turn.about((sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2, degrees, corners);
            draft.ring(turned, limits);
            upright(degrees, draft);
        });
    }

    /** A turned shape is kept as it lies, with the bounds of that as its box. */
    private static void upright(double degrees, ObjectDraft draft) {
        if (degrees % 360 != 0 && draft.region() != null) {
            draft.box(Regions.bounds(draft.region()));
            draft.repair(ReasonCode.BOX_ROTATED, "turned by " + degrees + " degrees: its upright bounds");
        }
    }

    private void polygon(XmlElement shape, ObjectDraft draft) {
        String text = shape.attribute("points");
        if (text == null) {
            draft.reject(ReasonCode.KEY_MISSING, "no points");
            return;
        }
        String[] points = text.split(";");
        double[] vertices = new double[2 * points.length];
        for (int i = 0; i < points.length; i++) {
            String[] point = points[i].split(",", -1);
            if (point.length != 2) {
                draft.reject(ReasonCode.NUMBER_INVALID, "a point is " + Defect.quote(points[i]));
                return;
            }
            vertices[2 * i] = draft.number(point[0], "x of point " + (i + 1));
            vertices[2 * i + 1] = draft.number(point[1], "y of point " + (i + 1));
        }
        draft.ring(vertices, limits);
    }

    private void ellipse(XmlElement shape, ObjectDraft draft) {
        double degrees = rotation(shape, draft);
        numbers(shape, List.of("cx", "cy", "rx", "ry"), draft).ifPresent(numbers -> {
            double radians = Math.toRadians(degrees);
            draft.box(Ellipse.bounds(numbers[0], numbers[1], numbers[2], numbers[3], radians));
            draft.ring(Ellipse.outline(numbers[0], numbers[1], numbers[2], numbers[3], radians), limits);
            if (degrees % 360 != 0) {
                draft.repair(ReasonCode.BOX_ROTATED, "turned by " + degrees + " degrees: its upright bounds");
            }
        });
    }

    private void mask(XmlElement shape, ObjectDraft draft) {
        Optional<double[]> place = numbers(shape, List.of("left", "top", "width", "height"), draft);
        if (place.isEmpty()) {
            return;
        }
        double[] crop = place.get();
        draft.corners(crop[0], crop[1], crop[0] + crop[2], crop[1] + crop[3]);
        boolean whole = crop[0] == (int) crop[0]
                && crop[1] == (int) crop[1]
                && crop[2] == (int) crop[2]
                && crop[3] == (int) crop[3];
        if (!whole || crop[2] <= 0 || crop[3] <= 0 || crop[2] * crop[3] > limits.labelPixels()) {
            draft.reject(ReasonCode.NUMBER_INVALID, "a mask of " + crop[2] + " x " + crop[3] + " pixels");
        } else if (image.isEmpty()) {
            draft.repair(ReasonCode.MASK_MISSING, "a mask on a picture of unknown size: kept as a box");
        } else {
            PixelBox box =
                    new PixelBox((int) crop[1], (int) crop[0], (int) (crop[1] + crop[3]), (int) (crop[0] + crop[2]));
            paint(Optional.ofNullable(shape.attribute("rle")).orElse(""), box, draft);
        }
    }

    private void paint(String stated, PixelBox box, ObjectDraft draft) {
        String[] texts = stated.split(",");
        double[] runs = new double[texts.length];
        for (int i = 0; i < runs.length; i++) {
            StatedNumber run = StatedNumber.of(texts[i]);
            boolean whole = run.isValid() && run.value() == Math.rint(run.value());
            if (!whole || run.value() < 0) {
                ReasonCode reason = whole ? ReasonCode.RLE_COUNT_OUT_OF_RANGE : ReasonCode.NUMBER_INVALID;
                draft.repair(reason, "a run is " + run.stated() + ": kept as a box");
                return;
            }
            runs[i] = run.value();
        }
        byte[] bitmap = new byte[box.height() * box.width()];
        int at = 0;
        for (int i = 0; i < runs.length; i++) {
            if (at + runs[i] > bitmap.length) {
                draft.repair(ReasonCode.RLE_SUM_TOO_LARGE, "the runs leave the crop: kept as a box");
                return;
            }
            int end = at + (int) runs[i];
            Arrays.fill(bitmap, at, end, (byte) (i % 2));
            at = end;
        }
        if (at < bitmap.length) {
            draft.repair(ReasonCode.RLE_SUM_TOO_SMALL, at + " of " + bitmap.length + " pixels: kept as a box");
            return;
        }
        draft.region(RunLengthMask.placed(image.orElseThrow(), box, bitmap));
        draft.box(null);
    }
}
