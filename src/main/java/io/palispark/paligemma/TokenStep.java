package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.StreamedMatrix;
import io.palispark.tensor.Tensor;
import io.palispark.tensor.VectorMath;
import io.palispark.tensor.WorkTeam;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One token for each of a few rows, computed in the JVM: the layers of {@link GemmaGraph} with weights that are read from
 * their files as they are. A token of few rows takes as long as reading the weights, and of bfloat16 there are half as
 * many bytes as of what ONNX Runtime makes of them. The numbers are those of the graph but for the order of sums.
 */
final class TokenStep implements AutoCloseable {

    private final TextConfig text;
    private final List<Tensor> table;
    private final StepMatrices matrices;
    private final Map<String, float[]> normFactors;
    private final WorkTeam team;

    private TokenStep(
            TextConfig text,
            List<Tensor> table,
            StepMatrices matrices,
            Map<String, float[]> normFactors,
            WorkTeam team) {
        this.text = text;
        this.table = table;
        this.matrices = matrices;
        this.normFactors = normFactors;
        this.team = team;
    }

    /** Opens the weights of a checkpoint that {@link StepMatrices} accepts, for {@code threads} threads a call. */
    static TokenStep open(Checkpoint checkpoint, StepMatrices matrices, int threads) throws IOException {
        TextConfig text = checkpoint.config().text();
        Map<String, float[]> factors = new HashMap<>();
        for (String name : TensorPlan.of(checkpoint.config()).shapes().keySet()) {
            if (name.startsWith("language_model.") && name.endsWith("norm.weight")) {
                float[] values = checkpoint.tensor(name).floats();
                for (int i = 0; i < values.length; i++) {
                    values[i] += 1;
                }
                factors.put(name, values);
            }
        }
        return new TokenStep(text, checkpoint.embeddingBlocks(), matrices, factors, new WorkTeam(threads));
    }

    /** Appends one token to each row. */
    LanguageModel.Prediction next(KvCache cache, int[] ids) {
        int rows = ids.length;
        KvCache.Growth growth = cache.growth(1);
        Map<String, Tensor> present = growth.places();
        StepAttention attention = StepAttention.of(text, team, cache);
        float[] x = embedded(ids);
        for (int layer = 0; layer < text.layers(); layer++) {
            append(x, rows, layer, attention, present);
        }
        return new LanguageModel.Prediction(logits(x, rows), growth.grown());
    }

    /** Norm and head: the logits of {@code rows} tokens, [rows, vocabulary], of what the last layer gives for them. */
    Tensor logits(float[] x, int rows) {
        float[] normed = norm(x, rows, "language_model.norm");
        StreamedMatrix head = matrices.head();
        ByteBuffer memory = ByteBuffer.allocate(Math.multiplyExact(rows * Float.BYTES, head.outputs()));
        FloatBuffer logits = memory.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        StreamedMatrix.Factors factors = head.factors(normed, rows);
        team.share(head.parts(), part -> head.multiply(factors, logits, part));
        return Tensor.over(ElementType.FLOAT32, memory, rows, head.outputs());
    }

    private float[] embedded(int[] ids) {
        int width = text.width();
        float[] x = new float[ids.length * width];
        float scale = (float) Math.sqrt(width);
        for (int row = 0; row < ids.length; row++) {
            float[] word = tableRow(ids[row]);
            for (int i = 0; i < width; i++) {
                x[row * width + i] = word[i] * scale;
            }
        }
        return x;
    }

    private float[] tableRow(int id) {
        int local = id;
        for (Tensor block : table) {
            if (local < block.extent(0)) {
                return block.slice(local, 1).floats();
            }
            local -= Math.toIntExact(block.extent(0));
        }
        throw new IllegalArgumentException(
                "Cannot embed token " + id + ": the table has " + text.vocabulary() + " rows");
    }

    /** Adds a layer to the residual stream {@code x} [rows, width], in place. */
    private void append(float[] x, int rows, int layer, StepAttention attention, Map<String, Tensor> present) {
        String name = TensorName.textLayer(layer);
        float[] attended = attended(norm(x, rows, name + "input_layernorm"), rows, layer, attention, present);
        switch (text.family()) {
            case GEMMA -> {
                add(x, attended);
                add(x, feedForward(norm(x, rows, name + "post_attention_layernorm"), rows, layer));
            }
            case GEMMA2 -> {
                add(x, norm(attended, rows, name + "post_attention_layernorm"));
                float[] expanded = feedForward(norm(x, rows, name + "pre_feedforward_layernorm"), rows, layer);
                add(x, norm(expanded, rows, name + "post_feedforward_layernorm"));
            }
        }
    }

    private static void add(float[] x, float[] more) {
        for (int i = 0; i < x.length; i++) {
            x[i] += more[i];
        }
    }

    private float[] norm(float[] x, int rows, String name) {
        float[] factors = normFactors.get(name + ".weight");
        int width = text.width();
        float[] normed = new float[rows * width];
        for (int at = 0; at < normed.length; at += width) {
            float scale = (float) (1 / Math.sqrt(squares(x, at, width) / width + text.epsilon()));
            for (int i = 0; i < width; i++) {
                normed[at + i] = x[at + i] * scale * factors[i];
            }
        }
        return normed;
    }

    /** Two sums, so that an addition need not wait for the one before. */
    private static double squares(float[] x, int at, int count) {
        double sum0 = 0;
        double sum1 = 0;
        for (int i = at; i < at + count - 1; i += 2) {
            sum0 += (double) x[i] * x[i];
            sum1 += (double) x[i + 1] * x[i + 1];
        }
        return sum0 + sum1 + (count % 2) * (double) x[at + count - 1] * x[at + count - 1];
    }

    private float[] attended(float[] x, int rows, int layer, StepAttention attention, Map<String, Tensor> present) {
        StepMatrices.Layer weights = matrices.layers().get(layer);
        List<float[]> projected =
                StepMatrices.products(team, List.of(weights.queries(), weights.keys(), weights.values()), x, rows);
        float[] queries = projected.get(0);
        float[] keys = projected.get(1);
        float[] values = projected.get(2);
        attention.rotate(queries, text.heads());
        attention.rotate(keys, text.keyValueHeads());
        float[] mixed = attention.mix(layer, queries, keys, values, present);
        return StepMatrices.product(team, weights.joined(), mixed, rows);
    }

    private float[] feedForward(float[] x, int rows, int layer) {
        StepMatrices.Layer weights = matrices.layers().get(layer);
        StreamedMatrix gate = weights.gate();
        StreamedMatrix up = weights.up();
        StreamedMatrix down = weights.down();
        StreamedMatrix.Factors gateFactors = gate.factors(x, rows);
        StreamedMatrix.Factors upFactors = up.type() == gate.type() ? gateFactors : up.factors(x, rows);
        StreamedMatrix.Factors inner = down.factors(rows);
        team.share(gate.parts(), part -> {
            float[] gated = gate.multiply(gateFactors, part);
            VectorMath.gatedGelu(gated, up.multiply(upFactors, part));
            int from = gate.firstOutput(part);
            int own = gate.firstOutput(part + 1) - from;
            for (int row = 0; row < rows; row++) {
                inner.put(row, from, gated, row * own, own);
            }
        });
        float[] results = down.results(rows);
        team.share(down.parts(), part -> down.multiply(inner, results, part));
        return results;
    }

    @Override
    public void close() {
        team.close();
    }
}
