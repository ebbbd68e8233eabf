package io.palispark.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.Polygon;
import io.palispark.geometry.PolygonRasterizer;
import io.palispark.geometry.PolygonRegion;
import io.palispark.geometry.RunLengthMask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Segmentations of COCO's JSON as masks. */
final class MaskJson {

    private MaskJson() {}

    /** Reads rows whose image is described in the ground truth. */
    static Function<JsonNode, RunLengthMask> reader(JsonNode truth) {
        Map<Long, ImageSize> sizes = new HashMap<>();
        truth.get("images")
                .forEach(image -> sizes.put(
                        image.get("id").asLong(),
                        new ImageSize(
                                image.get("height").asInt(), image.get("width").asInt())));
        return row ->
                mask(row.get("segmentation"), sizes.get(row.get("image_id").asLong()));
    }

    private static RunLengthMask mask(JsonNode segmentation, ImageSize size) {
        if (segmentation.isArray()) {
            List<Polygon> parts = new ArrayList<>();
            segmentation.forEach(part -> parts.add(new Polygon(
                    CocoCase.list(part).stream().mapToDouble(JsonNode::asDouble).toArray())));
            return PolygonRasterizer.rasterize(new PolygonRegion(parts), size);
        }
        JsonNode counts = segmentation.get("counts");
        return counts.isTextual()
                ? RunLengthMask.parse(size, counts.asText())
                : RunLengthMask.of(
                        size,
                        CocoCase.list(counts).stream().mapToInt(JsonNode::asInt).toArray());
    }
}
