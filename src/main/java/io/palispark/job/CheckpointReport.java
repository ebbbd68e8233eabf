package io.palispark.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.paligemma.Checkpoint;
import io.palispark.paligemma.PaliGemmaProcessor;
import io.palispark.paligemma.PaliGemmaTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** {@code inspect checkpoint}: whether {@code generate} takes a folder, and as what. No number of the weights is read. */
public final class CheckpointReport {

    private CheckpointReport() {}

    /** One line; what keeps the folder from being used is in {@code problems}, each with what to do. */
    public static ObjectNode describe(Path folder, Optional<Path> adapter) {
        ObjectNode line = JsonNodeFactory.instance.objectNode().put("checkpoint", folder.toString());
        ArrayNode problems = JsonNodeFactory.instance.arrayNode();
        int imageTokens = putWeights(line, folder, adapter, problems);
        putProcessor(line.putObject("processor"), folder, imageTokens, problems);
        line.set("problems", problems);
        return line;
    }

    /** Returns the tokens of one picture, 0 when they are not known. */
    private static int putWeights(ObjectNode line, Path folder, Optional<Path> adapter, ArrayNode problems) {
        line.put("adapter", adapter.map(Path::toString).orElse(null));
        try (Checkpoint checkpoint =
                adapter.isPresent() ? Checkpoint.open(folder, adapter.get()) : Checkpoint.open(folder)) {
            CheckpointFacts.put(line, checkpoint);
            return checkpoint.config().vision().tokens();
        } catch (IOException refused) {
            problems.add(refused.getMessage());
            return 0;
        }
    }

    private static void putProcessor(ObjectNode node, Path folder, int imageTokens, ArrayNode problems) {
        try (PaliGemmaProcessor processor = PaliGemmaProcessor.load(folder)) {
            PaliGemmaTokenizer tokenizer = processor.tokenizer();
            node.put("image_tokens", processor.imageTokens());
            node.put("first_location_id", tokenizer.locationId(0)).put("first_segment_id", tokenizer.segmentId(0));
            node.put("image_id", tokenizer.imageId()).put("begin_id", tokenizer.beginId());
            node.put("end_id", tokenizer.endId()).put("pad_id", tokenizer.padId());
            if (imageTokens != 0 && imageTokens != processor.imageTokens()) {
                problems.add("Cannot match model and processor: the one gives a picture " + imageTokens
                        + " tokens, the other " + processor.imageTokens() + "; take both from one checkpoint");
            }
        } catch (IOException refused) {
            problems.add(refused.getMessage());
        }
    }
}
