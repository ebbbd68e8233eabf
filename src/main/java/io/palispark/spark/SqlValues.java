package io.palispark.spark;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.CocoSegmentation;
import io.palispark.annotation.ReadLimits;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.Region;
import io.palispark.geometry.RunLengthMask;
import io.palispark.image.ImageLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Arguments of the SQL functions as values of our own. What is null or malformed is empty. Segmentations are read by the
 * rules and limits of the COCO reader, from arrays, structs or JSON text alike.
 */
final class SqlValues {

    private static final int EDGES = 4;
    private static final JsonFactory JSON = new JsonFactory();

    private SqlValues() {}

    static Optional<String> text(Object value) {
        return value instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** A size that the default limits for pictures allow. */
    static Optional<ImageSize> size(Object height, Object width) {
        if (!(height instanceof Number rows && width instanceof Number columns)) {
            return Optional.empty();
        }
        long high = rows.longValue();
        long wide = columns.longValue();
        long most = ImageLimits.DEFAULT.maximumPixels();
        boolean usable = high > 0 && wide > 0 && high <= most && wide <= most && high * wide <= most;
        return usable ? Optional.of(new ImageSize((int) high, (int) wide)) : Optional.empty();
    }

    /** {@code [x, y, width, height]} with finite numbers and an inside. */
    static Optional<Box> box(Object value) {
        JsonNode edges = json(value);
        if (!edges.isArray() || edges.size() != EDGES) {
            return Optional.empty();
        }
        Box box = new Box(
                edges.path(0).asDouble(Double.NaN),
                edges.path(1).asDouble(Double.NaN),
                edges.path(2).asDouble(Double.NaN),
                edges.path(3).asDouble(Double.NaN));
        return box.isFinite() && !box.isEmpty() ? Optional.of(box) : Optional.empty();
    }

    /** Run lengths of a size within the limits. */
    static Optional<RunLengthMask> mask(Object value) {
        return region(value)
                .filter(RunLengthMask.class::isInstance)
                .map(RunLengthMask.class::cast)
                .filter(mask -> mask.size().pixels() <= ImageLimits.DEFAULT.maximumPixels());
    }

    /** Rings or run lengths; empty when anything about them is wrong. */
    static Optional<Region> region(Object value) {
        if (value == null) {
            return Optional.empty();
        }
        try (JsonParser parser = value instanceof String text
                ? JSON.createParser(text)
                : json(value).traverse()) {
            CocoSegmentation segmentation = CocoSegmentation.read(parser, ReadLimits.DEFAULT);
            return segmentation.reason().isEmpty() ? segmentation.region() : Optional.empty();
        } catch (IOException malformed) {
            return Optional.empty();
        }
    }

    private static JsonNode json(Object value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (value instanceof scala.collection.Seq<?>) {
            ArrayNode array = nodes.arrayNode();
            List<?> elements = RowFactory.create(value).getList(0);
            elements.forEach(element -> array.add(json(element)));
            return array;
        }
        if (value instanceof Row row && row.schema() != null) {
            ObjectNode object = nodes.objectNode();
            String[] names = row.schema().fieldNames();
            for (int i = 0; i < names.length; i++) {
                object.set(names[i], json(row.get(i)));
            }
            return object;
        }
        if (value instanceof byte[] counts) {
            return nodes.textNode(new String(counts, StandardCharsets.ISO_8859_1));
        }
        if (value instanceof Number number) {
            return nodes.numberNode(number.doubleValue());
        }
        return value instanceof String text ? nodes.textNode(text) : nodes.nullNode();
    }
}
