package io.palispark.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.geometry.Box;
import io.palispark.geometry.Contours;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.Polygon;
import io.palispark.geometry.PolygonRasterizer;
import io.palispark.geometry.PolygonRegion;
import io.palispark.geometry.RunLengthMask;
import io.palispark.job.Prediction.Answer;
import io.palispark.job.Prediction.AnswerDefect;
import io.palispark.job.Prediction.DetectedObject;
import io.palispark.job.Prediction.Failure;
import io.palispark.job.Prediction.Finish;
import io.palispark.job.Prediction.ModelText;
import io.palispark.job.Prediction.ObjectScores;
import io.palispark.job.Prediction.TileText;
import io.palispark.job.PredictionForm.Masks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Predictions as lines of a predictions folder: {@code image, prefix, width, height, status, error, text, token_ids,
 * token_logprobs, finish, objects, defects}, and {@code tiles: [{tile, text, token_ids, token_logprobs, finish}]} where
 * the answer was stitched. Every line has every key but {@code error} and {@code tiles}; what is unknown is null or empty. Boxes are {@code [x, y, width, height]} in pixels, masks compressed COCO run lengths or, on request, polygons. Not
 * for several threads.
 */
public final class PredictionJson {

    private final ObjectMapper json = new ObjectMapper();

    /** The line, without its line feed. */
    public String write(Prediction prediction) {
        return line(prediction, Masks.RLE).toString();
    }

    /** Adds a key {@code guard}: {@code {verdict, categories, reason, detail}}. */
    static void putGuard(ObjectNode line, GuardVerdict verdict) {
        ObjectNode guard = line.putObject("guard");
        if (verdict instanceof GuardVerdict.Safe) {
            putVerdict(guard, "safe", List.of());
        } else if (verdict instanceof GuardVerdict.Unsafe unsafe) {
            putVerdict(guard, "unsafe", unsafe.categories());
        } else if (verdict instanceof GuardVerdict.Unavailable unavailable) {
            putVerdict(guard, "unavailable", List.of());
            guard.put("reason", Settings.spelling(unavailable.reason())).put("detail", unavailable.detail());
        }
    }

    private static void putVerdict(ObjectNode guard, String verdict, List<String> categories) {
        ArrayNode named = guard.put("verdict", verdict).putArray("categories");
        categories.forEach(named::add);
        guard.putNull("reason").putNull("detail");
    }

    ObjectNode line(Prediction prediction, Masks masks) {
        ObjectNode line = json.createObjectNode().put("image", prediction.image());
        line.put("prefix", prediction.prefix());
        if (prediction.outcome() instanceof Answer answer) {
            putAnswer(line, answer, masks);
        } else if (prediction.outcome() instanceof Failure failure) {
            putSize(line, Optional.empty());
            line.put("status", "error");
            line.putObject("error").put("code", failure.code()).put("detail", failure.detail());
            putText(line, ModelText.of(""));
            line.putArray("objects");
            line.putArray("defects");
        }
        return line;
    }

    private static void putAnswer(ObjectNode line, Answer answer, Masks masks) {
        putSize(line, answer.size());
        line.put("status", "ok");
        putText(line, answer.text());
        ArrayNode objects = line.putArray("objects");
        answer.objects().forEach(object -> putObject(objects.addObject(), object, masks));
        ArrayNode defects = line.putArray("defects");
        for (AnswerDefect defect : answer.defects()) {
            defects.addObject()
                    .put("code", defect.code())
                    .put("at", defect.at())
                    .put("detail", defect.detail());
        }
        if (!answer.tiles().isEmpty()) {
            ArrayNode tiles = line.putArray("tiles");
            answer.tiles().forEach(tile -> putTile(tiles.addObject(), tile));
        }
    }

    private static void putTile(ObjectNode node, TileText tile) {
        PixelBox block = tile.block();
        node.putArray("tile")
                .add(block.left())
                .add(block.top())
                .add(block.width())
                .add(block.height());
        putText(node, tile.text());
    }

    private static void putSize(ObjectNode line, Optional<ImageSize> size) {
        line.put("width", size.map(ImageSize::width).orElse(null));
        line.put("height", size.map(ImageSize::height).orElse(null));
    }

    private static void putText(ObjectNode line, ModelText text) {
        line.put("text", text.text());
        ArrayNode ids = line.putArray("token_ids");
        text.tokenIds().forEach(ids::add);
        ArrayNode logProbabilities = line.putArray("token_logprobs");
        text.logProbabilities().forEach(logProbabilities::add);
        line.put("finish", text.finish().map(Finish::key).orElse(null));
    }

    private static void putObject(ObjectNode node, DetectedObject object, Masks masks) {
        node.put("label", object.label());
        Box box = object.box();
        node.putArray("bbox").add(box.x()).add(box.y()).add(box.width()).add(box.height());
        if (object.mask().isEmpty()) {
            node.putNull("segmentation");
        } else if (masks == Masks.POLYGONS) {
            putPolygons(node.putArray("segmentation"), object.mask().get());
        } else {
            putMask(node.putObject("segmentation"), object.mask().get());
        }
        node.put("score", object.score());
        ObjectNode scores = node.putObject("scores");
        putScore(scores, "label", object.scores().label());
        putScore(scores, "box", object.scores().box());
        putScore(scores, "mask", object.scores().mask());
    }

    /** {@code size} and {@code counts} as pycocotools reads them. */
    static void putMask(ObjectNode node, RunLengthMask mask) {
        node.putArray("size").add(mask.size().height()).add(mask.size().width());
        node.put("counts", mask.counts());
    }

    private static void putPolygons(ArrayNode rings, RunLengthMask mask) {
        for (Polygon polygon : Contours.of(mask)) {
            ArrayNode ring = rings.addArray();
            for (double coordinate : polygon.vertices()) {
                ring.add(coordinate);
            }
        }
    }

    private static void putScore(ObjectNode scores, String name, OptionalDouble score) {
        if (score.isPresent()) {
            scores.put(name, score.getAsDouble());
        } else {
            scores.putNull(name);
        }
    }

    /**
     * Reads a line that {@link #write} wrote.
     *
     * @throws IOException for text that is no such line
     */
    public Prediction read(String line) throws IOException {
        try {
            JsonNode node = json.readTree(line);
            return new Prediction(
                    text(node, "image"),
                    text(node, "prefix"),
                    text(node, "status").equals("ok") ? answer(node) : failure(node));
        } catch (JsonProcessingException | IllegalArgumentException malformed) {
            throw new IOException(
                    "Cannot read a prediction: " + malformed.getMessage() + "; the line starts with "
                            + line.substring(0, Math.min(200, line.length())),
                    malformed);
        }
    }

    private static Failure failure(JsonNode node) {
        return new Failure(text(node.path("error"), "code"), text(node.path("error"), "detail"));
    }

    private static Answer answer(JsonNode node) {
        Optional<ImageSize> size = node.hasNonNull("width")
                ? Optional.of(new ImageSize(wholeNumber(node, "height"), wholeNumber(node, "width")))
                : Optional.empty();
        List<DetectedObject> objects = new ArrayList<>();
        node.path("objects").forEach(object -> objects.add(object(object, size)));
        List<AnswerDefect> defects = new ArrayList<>();
        node.path("defects")
                .forEach(defect -> defects.add(new AnswerDefect(
                        text(defect, "code"),
                        defect.path("at").asInt(),
                        defect.path("detail").asText())));
        List<TileText> tiles = new ArrayList<>();
        node.path("tiles").forEach(tile -> tiles.add(new TileText(block(tile.path("tile")), modelText(tile))));
        return new Answer(size, modelText(node), objects, defects, tiles);
    }

    /** Reads {@code [x, y, width, height]} in pixels. */
    private static PixelBox block(JsonNode edges) {
        int left = edges.path(0).asInt();
        int top = edges.path(1).asInt();
        return new PixelBox(
                top, left, top + edges.path(3).asInt(), left + edges.path(2).asInt());
    }

    static ModelText modelText(JsonNode node) {
        List<Integer> ids = new ArrayList<>();
        node.path("token_ids").forEach(id -> ids.add(id.asInt()));
        List<Double> logProbabilities = new ArrayList<>();
        node.path("token_logprobs").forEach(value -> logProbabilities.add(value.asDouble()));
        Optional<Finish> finish = node.hasNonNull("finish")
                ? Optional.of(Finish.valueOf(text(node, "finish").toUpperCase(Locale.ROOT)))
                : Optional.empty();
        return new ModelText(text(node, "text"), ids, logProbabilities, finish);
    }

    private static DetectedObject object(JsonNode node, Optional<ImageSize> picture) {
        JsonNode edges = node.path("bbox");
        if (edges.size() != 4) {
            throw new IllegalArgumentException("bbox is " + edges + " where [x, y, width, height] is expected");
        }
        Box box = new Box(
                edges.get(0).asDouble(),
                edges.get(1).asDouble(),
                edges.get(2).asDouble(),
                edges.get(3).asDouble());
        Optional<RunLengthMask> mask = node.hasNonNull("segmentation")
                ? Optional.of(mask(node.path("segmentation"), picture))
                : Optional.empty();
        JsonNode scores = node.path("scores");
        return new DetectedObject(
                text(node, "label"),
                box,
                mask,
                node.path("score").asDouble(),
                new ObjectScores(score(scores, "label"), score(scores, "box"), score(scores, "mask")));
    }

    private static RunLengthMask mask(JsonNode node, Optional<ImageSize> picture) {
        if (!node.isArray()) {
            return mask(node);
        }
        ImageSize size = picture.orElseThrow(
                () -> new IllegalArgumentException("an object has polygons and the picture has no width and height"));
        List<Polygon> rings = new ArrayList<>();
        for (JsonNode ring : node) {
            double[] vertices = new double[ring.size()];
            for (int i = 0; i < vertices.length; i++) {
                vertices[i] = ring.path(i).asDouble();
            }
            rings.add(new Polygon(vertices));
        }
        return rings.isEmpty()
                ? RunLengthMask.empty(size)
                : PolygonRasterizer.rasterize(new PolygonRegion(rings), size);
    }

    /** Reads what {@link #putMask} wrote. */
    static RunLengthMask mask(JsonNode node) {
        JsonNode size = node.path("size");
        return RunLengthMask.parse(
                new ImageSize(size.path(0).asInt(), size.path(1).asInt()), text(node, "counts"));
    }

    private static OptionalDouble score(JsonNode scores, String name) {
        return scores.hasNonNull(name) ? OptionalDouble.of(scores.path(name).asDouble()) : OptionalDouble.empty();
    }

    private static int wholeNumber(JsonNode node, String name) {
        JsonNode value = node.path(name);
        if (!value.canConvertToInt() || !value.isIntegralNumber()) {
            throw new IllegalArgumentException(name + " is " + value + " where a whole number is expected");
        }
        return value.intValue();
    }

    private static String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        if (!value.isTextual()) {
            throw new IllegalArgumentException(name + " is " + value + " where a text is expected");
        }
        return value.textValue();
    }
}
