package io.palispark.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.RunLengthMask;
import java.util.Base64;
import java.util.Optional;

/** LabelMe's shapes as regions. Lines and points have none. */
final class LabelMeShape {

    private static final double LARGEST_CORNER = 1_000_000;

    private final Optional<ImageSize> image;
    private final ReadLimits limits;

    /** @param image size of the picture, where known: a painted mask needs it */
    LabelMeShape(Optional<ImageSize> image, ReadLimits limits) {
        this.image = image;
        this.limits = limits;
    }

    void read(JsonNode shape, ObjectDraft draft) {
        draft.label(shape.path("label").isTextual() ? shape.path("label").asText() : null);
        String kind = shape.path("shape_type").asText("polygon");
        double[] points = points(shape.path("points"), draft);
        if (draft.isRejected()) {
            return;
        }
        switch (kind) {
            case "polygon" -> draft.ring(points, limits);
            case "rectangle" -> rectangle(points, draft);
            case "circle" -> circle(points, draft);
            case "mask" -> mask(shape.path("mask"), points, draft);
            default -> draft.reject(ReasonCode.SHAPE_KIND_UNSUPPORTED, "shape_type is " + Defect.quote(kind));
        }
    }

    private static double[] points(JsonNode list, ObjectDraft draft) {
        if (!list.isArray()) {
            draft.reject(ReasonCode.POLYGON_POINT_COUNT, "no list of points");
            return new double[0];
        }
        double[] points = new double[2 * list.size()];
        int at = 0;
        for (JsonNode point : list) {
            if (point.size() != 2) {
                draft.reject(ReasonCode.NUMBER_INVALID, "a point is " + Defect.quote(point.toString()));
                return points;
            }
            points[at++] = draft.number(point.get(0), "x of point " + at / 2);
            points[at++] = draft.number(point.get(1), "y of point " + (at / 2 - 1));
        }
        return points;
    }

    private void rectangle(double[] points, ObjectDraft draft) {
        if (points.length != 4 && points.length != 8) {
            draft.reject(ReasonCode.BOX_FIELD_COUNT, "a rectangle of " + points.length / 2 + " points");
            return;
        }
        Box box = bounds(points);
        draft.box(box);
        draft.ring(
                new double[] {box.x(), box.y(), box.right(), box.y(), box.right(), box.bottom(), box.x(), box.bottom()},
                limits);
    }

    private static Box bounds(double[] points) {
        double left = points[0];
        double top = points[1];
        double right = left;
        double bottom = top;
        for (int i = 2; i < points.length; i += 2) {
            left = Math.min(left, points[i]);
            right = Math.max(right, points[i]);
            top = Math.min(top, points[i + 1]);
            bottom = Math.max(bottom, points[i + 1]);
        }
        return Box.between(left, top, right, bottom);
    }

    private void circle(double[] points, ObjectDraft draft) {
        if (points.length != 4) {
            draft.reject(ReasonCode.POLYGON_POINT_COUNT, "a circle of " + points.length / 2 + " points");
            return;
        }
        double radius = Math.hypot(points[2] - points[0], points[3] - points[1]);
        draft.box(new Box(points[0] - radius, points[1] - radius, 2 * radius, 2 * radius));
        draft.ring(Ellipse.outline(points[0], points[1], radius, radius, 0), limits);
    }

    /** The picture's own size decides how far the mask reaches, as its second corner is often included. */
    private void mask(JsonNode data, double[] points, ObjectDraft draft) {
        if (points.length != 4) {
            draft.reject(ReasonCode.BOX_FIELD_COUNT, "a mask between " + points.length / 2 + " points");
            return;
        }
        Box box = bounds(points);
        draft.box(new Box(box.x(), box.y(), box.width() + 1, box.height() + 1));
        if (!data.isTextual()) {
            draft.repair(ReasonCode.MASK_MISSING, "no mask: kept as a box");
        } else if (image.isEmpty()) {
            draft.repair(ReasonCode.MASK_MISSING, "a mask on a picture of unknown size: kept as a box");
        } else if (Math.abs(box.x()) > LARGEST_CORNER || Math.abs(box.y()) > LARGEST_CORNER) {
            draft.repair(ReasonCode.MASK_MISSING, "a mask far outside the picture: kept as a box");
        } else {
            paste(data.asText(), (int) box.x(), (int) box.y(), draft);
        }
    }

    private void paste(String data, int left, int top, ObjectDraft draft) {
        try {
            LabelPicture picture = LabelPicture.decode(Base64.getDecoder().decode(data), limits);
            byte[] bitmap = new byte[picture.values().length];
            for (int i = 0; i < bitmap.length; i++) {
                bitmap[i] = (byte) (picture.values()[i] == 0 ? 0 : 1);
            }
            ImageSize size = picture.size();
            PixelBox place = new PixelBox(top, left, top + size.height(), left + size.width());
            draft.region(RunLengthMask.placed(image.orElseThrow(), place, bitmap));
            draft.box(null);
        } catch (IllegalArgumentException | DocumentException unusable) {
            draft.repair(ReasonCode.MASK_UNREADABLE, unusable.getMessage() + ": kept as a box");
        }
    }
}
