package io.palispark.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.annotation.ReasonCode;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.job.Prediction.Finish;
import io.palispark.job.Prediction.ModelText;
import io.palispark.job.Prediction.TileText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A line of stored model text, of whatever tool: {@code image}, {@code prefix} (empty when absent), {@code text} or
 * {@code suffix}, and optionally {@code width}, {@code height}, {@code token_ids}, {@code token_logprobs}, {@code finish}.
 * A text about a block of the picture says so with {@code tile}: {@code [x, y, width, height]} in pixels; {@code tiles}
 * holds several such texts in place of the line's own.
 *
 * @param size of the whole picture, as stated
 * @param tiles texts about blocks of the picture; empty where the text is about all of it
 * @param failure what a line of failed predictions says instead of a text
 */
record StoredAnswer(
        String image,
        String prefix,
        Optional<ImageSize> size,
        ModelText text,
        List<TileText> tiles,
        Optional<Prediction.Failure> failure) {

    /** What log-probabilities may be above 0 by rounding. */
    private static final double ROUNDING = 1e-4;

    private static final int LONGEST_SIDE = 1 << 20;

    /** Reads a line; what it lacks or states wrongly is a reject. */
    static StoredAnswer read(String line, ObjectMapper json) throws RecordReject {
        JsonNode node;
        try {
            node = json.readTree(line);
        } catch (JsonProcessingException malformed) {
            throw new RecordReject(ReasonCode.SYNTAX_INVALID, malformed.getOriginalMessage());
        }
        if (!node.isObject()) {
            throw new RecordReject(ReasonCode.SYNTAX_INVALID, "the line is no JSON object");
        }
        String image = text(node, "image");
        if (image.isBlank()) {
            throw new RecordReject(ReasonCode.IMAGE_NAME_MISSING, "image is empty");
        }
        String prefix = node.hasNonNull("prefix") ? text(node, "prefix") : "";
        if (node.path("status").asText().equals("error")) {
            JsonNode error = node.path("error");
            return new StoredAnswer(
                    image,
                    prefix,
                    Optional.empty(),
                    ModelText.of(""),
                    List.of(),
                    Optional.of(new Prediction.Failure(text(error, "code"), text(error, "detail"))));
        }
        ModelText text = modelText(node);
        return new StoredAnswer(image, prefix, size(node), text, tiles(node, text), Optional.empty());
    }

    private static ModelText modelText(JsonNode node) throws RecordReject {
        String text = text(node, node.hasNonNull("text") ? "text" : "suffix");
        List<Integer> ids = ids(node);
        return new ModelText(text, ids, logProbabilities(node, ids.size()), finish(node));
    }

    private static List<TileText> tiles(JsonNode node, ModelText text) throws RecordReject {
        if (node.hasNonNull("tile")) {
            return List.of(new TileText(block(node.path("tile")), text));
        }
        List<TileText> tiles = new ArrayList<>();
        for (JsonNode tile : node.path("tiles")) {
            tiles.add(new TileText(block(tile.path("tile")), modelText(tile)));
        }
        return tiles;
    }

    private static PixelBox block(JsonNode edges) throws RecordReject {
        int[] values = new int[4];
        boolean sound = edges.isArray() && edges.size() == values.length;
        for (int i = 0; sound && i < values.length; i++) {
            values[i] = edges.path(i).asInt(-1);
            sound = edges.path(i).isInt() && values[i] >= i / 2 && values[i] <= LONGEST_SIDE;
        }
        if (!sound) {
            throw new RecordReject(
                    ReasonCode.VALUE_UNKNOWN,
                    "tile is " + abridged(edges) + "; it must be [x, y, width, height] in whole pixels");
        }
        return new PixelBox(values[1], values[0], values[1] + values[3], values[0] + values[2]);
    }

    /** The same answer with the tiles of a further line. */
    StoredAnswer with(StoredAnswer further) {
        List<TileText> all = new ArrayList<>(tiles);
        all.addAll(further.tiles);
        return new StoredAnswer(image, prefix, size, text, all, failure);
    }

    /** Whether another line about the same image and prefix says something about other blocks of the same picture. */
    boolean isJoinedBy(StoredAnswer further) {
        return !tiles.isEmpty()
                && !further.tiles.isEmpty()
                && size.equals(further.size)
                && further.tiles.stream()
                        .noneMatch(tile ->
                                tiles.stream().anyMatch(known -> known.block().equals(tile.block())));
    }

    private static String text(JsonNode node, String field) throws RecordReject {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            throw new RecordReject(ReasonCode.KEY_MISSING, "no " + field);
        }
        if (!value.isTextual()) {
            throw new RecordReject(ReasonCode.VALUE_UNKNOWN, field + " is " + abridged(value) + ", not a text");
        }
        return value.textValue();
    }

    private static Optional<ImageSize> size(JsonNode node) throws RecordReject {
        if (!node.hasNonNull("width") && !node.hasNonNull("height")) {
            return Optional.empty();
        }
        return Optional.of(new ImageSize(side(node, "height"), side(node, "width")));
    }

    private static int side(JsonNode node, String field) throws RecordReject {
        JsonNode value = node.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw new RecordReject(
                    ReasonCode.IMAGE_SIZE_MISSING,
                    field + " is " + abridged(value) + "; it must be a whole number above 0");
        }
        return value.intValue();
    }

    private static List<Integer> ids(JsonNode node) throws RecordReject {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode id : node.path("token_ids")) {
            if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
                throw new RecordReject(ReasonCode.NUMBER_INVALID, "token_ids holds " + abridged(id));
            }
            ids.add(id.intValue());
        }
        return ids;
    }

    private static List<Double> logProbabilities(JsonNode node, int tokens) throws RecordReject {
        List<Double> values = new ArrayList<>();
        for (JsonNode value : node.path("token_logprobs")) {
            if (!value.isNumber() || !(value.doubleValue() <= ROUNDING)) {
                throw new RecordReject(
                        ReasonCode.NUMBER_INVALID,
                        "token_logprobs holds " + abridged(value)
                                + "; natural logarithms of probabilities are at most 0");
            }
            values.add(value.doubleValue());
        }
        if (!values.isEmpty() && values.size() != tokens) {
            throw new RecordReject(
                    ReasonCode.RECORD_CONTRADICTION,
                    tokens + " token_ids and " + values.size() + " token_logprobs; one a token is needed");
        }
        return values;
    }

    private static Optional<Finish> finish(JsonNode node) throws RecordReject {
        if (!node.hasNonNull("finish")) {
            return Optional.empty();
        }
        String stated = text(node, "finish");
        Optional<Finish> finish = Arrays.stream(Finish.values())
                .filter(known -> known.key().equals(stated))
                .findFirst();
        if (finish.isEmpty()) {
            throw new RecordReject(ReasonCode.VALUE_UNKNOWN, "finish is " + abridged(node.path("finish")));
        }
        return finish;
    }

    private static String abridged(JsonNode value) {
        String text = value.toString();
        return text.length() <= 80 ? text : text.substring(0, 80);
    }
}
