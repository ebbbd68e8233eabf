package io.palispark.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Label Studio's results as regions. Numbers are percent of the original size; a rectangle turns about its top-left corner
 * and an ellipse about its centre, clockwise, in pixels.
 */
final class LabelStudioShape {

    private static final Set<String> NOT_SHAPES =
            Set.of("labels", "choices", "textarea", "rating", "relation", "number");

    private final Optional<ImageSize> image;
    private final Map<String, String> labels;
    private final ReadLimits limits;

    /**
     * @param image the original size, where a result states it
     * @param labels of results that hold labels only, by id
     */
    LabelStudioShape(Optional<ImageSize> image, Map<String, String> labels, ReadLimits limits) {
        this.image = image;
        this.labels = labels;
        this.limits = limits;
    }

    /** False for results about the whole image. */
    boolean isShape(JsonNode result) {
        return !NOT_SHAPES.contains(result.path("type").asText());
    }

    void read(JsonNode result, ObjectDraft draft) {
        String type = result.path("type").asText("");
        JsonNode value = result.path("value");
        draft.label(label(result, value, type));
        if (result.path("image_rotation").asDouble(0) != 0) {
            draft.reject(
                    ReasonCode.IMAGE_ROTATION_UNSUPPORTED,
                    "image_rotation is " + result.path("image_rotation").asText());
        }
        readSize(result, draft);
        if (draft.isRejected()) {
            return;
        }
        draft.measure(image.isPresent() ? Measure.PIXELS : Measure.SHARES);
        switch (type.replace("labels", "")) {
            case "rectangle" -> rectangle(value, draft);
            case "polygon" -> polygon(value, draft);
            case "ellipse" -> ellipse(value, draft);
            case "brush" -> brush(value, draft);
            default -> draft.reject(ReasonCode.SHAPE_KIND_UNSUPPORTED, "type is " + Defect.quote(type));
        }
    }

    private String label(JsonNode result, JsonNode value, String type) {
        String own = value.path(type).path(0).asText("");
        return own.isEmpty() ? labels.get(result.path("id").asText("")) : own;
    }

    private void readSize(JsonNode result, ObjectDraft draft) {
        int height = result.path("original_height").asInt(0);
        int width = result.path("original_width").asInt(0);
        if (height <= 0 || width <= 0) {
            draft.repair(ReasonCode.IMAGE_SIZE_MISSING, "no original size: as in the other results");
        } else if (image.isPresent()
                && (height != image.get().height() || width != image.get().width())) {
            draft.reject(
                    ReasonCode.IMAGE_SIZE_MISMATCH,
                    "original size " + height + "x" + width + ", in another result " + image.get());
        }
    }

    /** A percentage in pixels, or as a share where the size is not known. */
    private double across(double percent) {
        return percent / 100 * image.map(ImageSize::width).orElse(1);
    }

    private double down(double percent) {
        return percent / 100 * image.map(ImageSize::height).orElse(1);
    }

    private static double number(JsonNode value, String key, ObjectDraft draft) {
        if (!value.has(key)) {
            draft.reject(ReasonCode.KEY_MISSING, "no " + key);
            return Double.NaN;
        }
        return draft.number(value.get(key), key);
    }

    /** Degrees; a turn needs pixels, as shares of two different sides cannot be turned. */
    private double rotation(JsonNode value, ObjectDraft draft) {
        double degrees = value.has("rotation") ? draft.number(value.get("rotation"), "rotation") : 0;
        if (degrees % 360 != 0 && image.isEmpty()) {
            draft.reject(ReasonCode.IMAGE_SIZE_MISSING, "a turned shape on an image of unknown size");
        }
        return degrees;
    }

    private void rectangle(JsonNode value, ObjectDraft draft) {
        double left = across(number(value, "x", draft));
        double top = down(number(value, "y", draft));
        double width = across(number(value, "width", draft));
        double height = down(number(value, "height", draft));
        double degrees = rotation(value, draft);
        if (draft.isRejected()) {
            return;
        }
        double right = left + width;
        double bottom = top + height;
        draft.box(new Box(left, top, width, height));
        double[] corners = {left, top, right, top, right, bottom, left, bottom};
        draft.ring(Turn.about(left, top, degrees, corners), limits);
        if (degrees % 360 != 0) {
            draft.box(Regions.bounds(draft.region()));
            draft.repair(ReasonCode.BOX_ROTATED, "turned by " + degrees + " degrees: its upright bounds");
        }
    }

    private void polygon(JsonNode value, ObjectDraft draft) {
        JsonNode points = value.path("points");
        double[] vertices = new double[2 * points.size()];
        for (int i = 0; i < points.size(); i++) {
            vertices[2 * i] = across(draft.number(points.get(i).path(0), "x of point " + (i + 1)));
            vertices[2 * i + 1] = down(draft.number(points.get(i).path(1), "y of point " + (i + 1)));
        }
        draft.ring(vertices, limits);
    }

    private void ellipse(JsonNode value, ObjectDraft draft) {
        double x = across(number(value, "x", draft));
        double y = down(number(value, "y", draft));
        double radiusX = across(number(value, "radiusX", draft));
        double radiusY = down(number(value, "radiusY", draft));
        double degrees = rotation(value, draft);
        if (draft.isRejected()) {
            return;
        }
        double radians = Math.toRadians(degrees);
        draft.box(Ellipse.bounds(x, y, radiusX, radiusY, radians));
        draft.ring(Ellipse.outline(x, y, radiusX, radiusY, radians), limits);
        if (degrees % 360 != 0) {
            draft.repair(ReasonCode.BOX_ROTATED, "turned by " + degrees + " degrees: its upright bounds");
        }
    }

    private void brush(JsonNode value, ObjectDraft draft) {
        if (image.isEmpty()) {
            draft.reject(ReasonCode.IMAGE_SIZE_MISSING, "a painted region on an image of unknown size");
            return;
        }
        JsonNode list = value.path("rle");
        byte[] bytes = new byte[list.size()];
        for (int i = 0; i < bytes.length; i++) {
            JsonNode number = list.get(i);
            if (!number.isInt() || number.intValue() < 0 || number.intValue() > 255) {
                draft.reject(ReasonCode.NUMBER_INVALID, "rle[" + i + "] is " + number + ", not a byte");
                return;
            }
            bytes[i] = (byte) number.intValue();
        }
        try {
            draft.region(BrushRuns.mask(bytes, image.get(), limits));
        } catch (DocumentException unusable) {
            draft.reject(unusable.reason(), unusable.getMessage());
        }
    }
}
