package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.Tensor;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prompts side by side, padded on the left to the length of the longest, as the inputs of {@link GemmaGraph}. */
final class PromptBatch {

    private final CheckpointConfig config;
    private final List<PromptRow> rows;
    private final int columns;
    private final int[] padding;

    PromptBatch(CheckpointConfig config, List<PromptRow> rows) {
        this.config = config;
        this.rows = rows;
        this.columns = rows.stream().mapToInt(row -> row.ids().length).max().orElseThrow();
        this.padding = rows.stream().mapToInt(row -> columns - row.ids().length).toArray();
    }

    int columns() {
        return columns;
    }

    /** Columns before each row's first token. */
    int[] padding() {
        return padding.clone();
    }

    /** Ids, positions from 1, pictures and the places they take; masks and columns are not among them. */
    Map<String, Tensor> inputs() {
        Map<Tensor, Long> firstRows = new LinkedHashMap<>();
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put(GemmaGraph.FEATURES, features(firstRows));
        Tensor ids = Tensor.allocate(ElementType.INT64, rows.size(), columns);
        Tensor positions = Tensor.allocate(ElementType.INT64, rows.size(), columns);
        Tensor featureRows = Tensor.allocate(ElementType.INT64, rows.size(), columns);
        LongBuffer idValues = ids.buffer().asLongBuffer();
        LongBuffer positionValues = positions.buffer().asLongBuffer();
        LongBuffer featureValues = featureRows.buffer().asLongBuffer();
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < padding[row]; column++) {
                idValues.put(config.padId());
                positionValues.put(1);
                featureValues.put(-1);
            }
            for (int position = 1; position <= rows.get(row).ids().length; position++) {
                positionValues.put(position);
            }
            putTokens(rows.get(row), firstRows, idValues, featureValues);
        }
        inputs.put(GemmaGraph.IDS, ids);
        inputs.put(GemmaGraph.POSITIONS, positions);
        inputs.put(GemmaGraph.FEATURE_ROWS, featureRows);
        return inputs;
    }

    /** A placeholder's own id may lie behind the table, so the pad id stands in: its row of the table is not used. */
    private void putTokens(PromptRow row, Map<Tensor, Long> firstRows, LongBuffer ids, LongBuffer featureRows) {
        int tokens = config.vision().tokens();
        int seen = 0;
        for (int id : row.ids()) {
            boolean patch = id == config.imageId();
            ids.put(patch ? config.padId() : id);
            if (patch && seen < row.features().size() * tokens) {
                featureRows.put(firstRows.get(row.features().get(seen / tokens)) + seen % tokens);
            } else {
                featureRows.put(-1);
            }
            seen += patch ? 1 : 0;
        }
        if (seen != row.features().size() * tokens) {
            throw new IllegalArgumentException("Cannot place " + row.features().size() + " pictures of " + tokens
                    + " tokens: the prompt has " + seen + " placeholders");
        }
    }

    /** Every picture once; one row of zeros where there is none. */
    private Tensor features(Map<Tensor, Long> firstRows) {
        int tokens = config.vision().tokens();
        int width = config.text().width();
        long next = 0;
        for (PromptRow row : rows) {
            for (Tensor picture : row.features()) {
                if (!picture.hasShape(tokens, width)) {
                    throw new IllegalArgumentException(
                            "Cannot place a picture of " + picture + ": " + tokens + " x " + width + " are needed");
                }
                if (firstRows.putIfAbsent(picture, next) == null) {
                    next += tokens;
                }
            }
        }
        if (firstRows.size() == 1) {
            return firstRows.keySet().iterator().next();
        }
        Tensor all = Tensor.allocate(ElementType.FLOAT32, Math.max(1, next), width);
        firstRows.forEach((picture, first) -> all.buffer()
                .position(Math.toIntExact(first * width * ElementType.FLOAT32.bytes()))
                .put(picture.buffer()));
        return all;
    }
}
