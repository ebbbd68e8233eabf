package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.dataset.RowQuantiles;
import io.palispark.dataset.TrainingMemory;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;

/**
 * What a trainer sets from the data: {@code handoff.json}, named in the manifest. Numbers that are measured and numbers
 * that others report stand apart, each of the latter with its source.
 */
final class HandOff {

    /** What stands before the hash in the file's name. */
    static final String NAME = "handoff";

    private static final int LENGTH_STEP = 16;
    private static final int PRIMER_LENGTH = 128;
    private static final int PRIMER_BATCH = 8;
    private static final List<Integer> SIDES = List.of(224, 448, 896);

    private final PrepareConfig config;
    private final RowCounts counts;
    private final ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    HandOff(PrepareConfig config, PreparedTotals totals) {
        this.config = config;
        this.counts = new RowCounts(totals.statistics());
    }

    byte[] bytes() throws IOException {
        ObjectNode root = json.createObjectNode();
        boolean isStandIn = config.budget().tokenizer().equals(PrepareConfig.STAND_IN);
        root.put("tokenizer", config.budget().tokenizer()).put("tokenizer_stand_in", isStandIn);
        RowQuantiles lengths = counts.textLengths();
        int length = (lengths.largest() + LENGTH_STEP - 1) / LENGTH_STEP * LENGTH_STEP;
        root.set("token_length", tokenLength(lengths, length));
        root.put("max_new_tokens", counts.suffixLengths().largest());
        root.put("training_rows", counts.trainingRows());
        root.set("batch", batch(length));
        root.set("learning_rates", learningRates());
        root.put("loss", "suffix tokens only");
        root.put("object_order", Settings.spelling(config.order().objects()));
        root.putPOJO("convention", new TreeMap<>(config.convention().toMap()));
        return json.writeValueAsBytes(root);
    }

    private ObjectNode tokenLength(RowQuantiles lengths, int length) {
        return json.createObjectNode()
                .put("recommended", length)
                .put("longest", lengths.largest())
                .put("p99", lengths.p99())
                .put("p95", lengths.p95())
                .put("median", lengths.median())
                .put("counts", "begin token, prefix, separator, suffix and end token; picture tokens come on top")
                .put("primer", PRIMER_LENGTH)
                .put("rows_cut_at_primer", counts.rowsLongerThan(PRIMER_LENGTH));
    }

    private ObjectNode batch(int length) {
        PrepareConfig.TrainingGpu gpu = config.trainingGpu();
        ObjectNode node =
                json.createObjectNode().put("gpu_memory_bytes", gpu.memory()).put("picture_side", gpu.pictureSide());
        int batch = new TrainingMemory(gpu.memory(), gpu.pictureSide()).batch(length);
        node.put("recommended", batch)
                .put("steps_per_epoch", batch == 0 ? 0 : (counts.trainingRows() + batch - 1) / batch)
                .put(
                        "basis",
                        "estimate, 7 GiB and 3 MiB a token, from the primer's batch of %d with %d tokens on a T4; not measured"
                                .formatted(PRIMER_BATCH, PRIMER_LENGTH));
        ObjectNode sides = node.putObject("by_picture_side");
        for (int side : SIDES) {
            TrainingMemory memory = new TrainingMemory(gpu.memory(), side);
            sides.putObject(Integer.toString(side))
                    .put("picture_tokens", memory.pictureTokens())
                    .put("sequence", memory.pictureTokens() + length)
                    .put("batch", memory.batch(length));
        }
        return node;
    }

    private ArrayNode learningRates() {
        ArrayNode rates = json.createArrayNode();
        rates.addObject()
                .put("learning_rate", 0.03)
                .put("optimizer", "sgd")
                .put("source", "the fine-tuning primer: default of Google's notebook, batch 8, 128 tokens");
        rates.addObject()
                .put("learning_rate", 3e-5)
                .put("picture_side", 224)
                .put("batch", 256)
                .put("source", "big_vision, transfers/refcoco_seg.py, best of its sweep, 100 epochs");
        rates.addObject()
                .put("learning_rate", 1e-5)
                .put("picture_side", 448)
                .put("source", "big_vision, transfers/refcoco_seg.py, best of its sweep");
        rates.addObject()
                .put("learning_rate", 1e-5)
                .put("picture_side", 896)
                .put("batch", 64)
                .put("source", "big_vision, transfers/refcoco_seg.py, best of its sweep");
        return rates;
    }
}
