package io.palispark.job;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.geometry.Box;
import io.palispark.geometry.RunLengthMask;
import io.palispark.job.EvaluationItem.Detected;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import scala.Tuple2;

/**
 * The rows of an official COCO results file, streamed: {@code [{"image_id", "category_id", "bbox" and/or
 * "segmentation", "score"}, ...]}. Where the first row has a box, boxes decide the size class of masks too, as
 * pycocotools' {@code loadRes} has it.
 */
final class CocoResultRows implements Iterator<Tuple2<EvaluationItem.Key, EvaluationItem>> {

    private final JsonParser parser;
    private final RecognisedImages images;
    private final Map<String, String> categories;
    private long sequence;
    private Boolean boxesDecide;

    /**
     * @param stream closed at the end
     * @param categories names by id
     */
    CocoResultRows(InputStream stream, RecognisedImages images, Map<String, String> categories) throws IOException {
        this.images = images;
        this.categories = categories;
        parser = new ObjectMapper().getFactory().createParser(new BufferedInputStream(stream, 1 << 16));
        if (parser.nextToken() != JsonToken.START_ARRAY) {
            throw new IOException(
                    "Cannot read COCO results: the file starts with " + parser.currentToken() + " and not with a list");
        }
        parser.nextToken();
    }

    @Override
    public boolean hasNext() {
        boolean more = parser.currentToken() != JsonToken.END_ARRAY;
        if (!more) {
            close();
        }
        return more;
    }

    private void close() {
        try {
            parser.close();
        } catch (IOException unclosable) {
            throw new UncheckedIOException("Cannot close the COCO results", unclosable);
        }
    }

    @Override
    public Tuple2<EvaluationItem.Key, EvaluationItem> next() {
        if (parser.currentToken() == JsonToken.END_ARRAY) {
            throw new NoSuchElementException("Cannot read another result: the list has ended");
        }
        try {
            JsonNode row = parser.readValueAsTree();
            if (parser.nextToken() == null) {
                throw new IOException("the list has no end");
            }
            return item(row);
        } catch (IOException malformed) {
            throw new UncheckedIOException(
                    "Cannot read COCO results at row " + sequence + ": " + malformed.getMessage(), malformed);
        }
    }

    private Tuple2<EvaluationItem.Key, EvaluationItem> item(JsonNode row) {
        if (boxesDecide == null) {
            boxesDecide = row.path("bbox").size() == 4;
        }
        long place = sequence++;
        RecognisedImages.Known image =
                images.byId(row.path("image_id").asText()).orElse(null);
        if (image == null) {
            return fault(place, "result-image-unknown");
        }
        String label = categories.get(row.path("category_id").asText());
        if (label == null) {
            return fault(place, "result-label-unknown");
        }
        if (!Double.isFinite(row.path("score").asDouble(Double.NaN))) {
            return fault(place, "result-score-invalid");
        }
        if (row.path("bbox").size() != 4 && !row.hasNonNull("segmentation")) {
            return fault(place, "result-shape-missing");
        }
        try {
            return new Tuple2<>(
                    new EvaluationItem.Key(image.number(), 5, "", place),
                    new EvaluationItem.Result(detected(row, label)));
        } catch (IllegalArgumentException damaged) {
            return fault(place, "result-mask-damaged");
        }
    }

    private Detected detected(JsonNode row, String label) {
        JsonNode edges = row.path("bbox");
        Box box = edges.size() != 4
                ? null
                : new Box(
                        edges.get(0).asDouble(),
                        edges.get(1).asDouble(),
                        edges.get(2).asDouble(),
                        edges.get(3).asDouble());
        RunLengthMask mask =
                row.path("segmentation").hasNonNull("counts") ? PredictionJson.mask(row.path("segmentation")) : null;
        double area = mask == null ? 0 : boxesDecide && box != null ? box.area() : mask.area();
        return new Detected(label, box, mask, area, row.path("score").asDouble());
    }

    private static Tuple2<EvaluationItem.Key, EvaluationItem> fault(long place, String reason) {
        return new Tuple2<>(
                new EvaluationItem.Key(EvaluationItem.Key.NOWHERE, 6, "", place), new EvaluationItem.Fault(reason));
    }
}
