package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.StreamedMatrix;
import io.palispark.tensor.Tensor;
import io.palispark.tensor.WorkTeam;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One token for each of a few rows, computed in the JVM: the layers of {@link GemmaGraph} with weights that are read from
 * their files as they are. A token of few rows takes as long as reading the weights, and of bfloat16 there are half as
 * many bytes as of what ONNX Runtime makes of them. The numbers are those of the graph but for the order of sums.
 */
final class TokenStep implements AutoCloseable {

    private static final double GELU_SLOPE = 2 * Math.sqrt(2 / Math.PI);
    private static final double GELU_CUBE = 0.044715;

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
        float[] logits = StepMatrices.product(team, matrices.head(), normed, rows);
        Tensor result = Tensor.allocate(ElementType.FLOAT32, rows, text.vocabulary());
        result.buffer().asFloatBuffer().put(logits, 0, rows * text.vocabulary());
        return result;
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
            double squares = 0;
            for (int i = 0; i < width; i++) {
                squares += (double) x[at + i] * x[at + i];
            }
            float scale = (float) (1 / Math.sqrt(squares / width + text.epsilon()));
            for (int i = 0; i < width; i++) {
                normed[at + i] = x[at + i] * scale * factors[i];
            }
        }
        return normed;
    }

    private float[] attended(float[] x, int rows, int layer, StepAttention attention, Map<String, Tensor> present) {
        StepMatrices.Layer weights = matrices.layers().get(layer);
        float[] queries = StepMatrices.product(team, weights.queries(), x, rows);
        float[] keys = StepMatrices.product(team, weights.keys(), x, rows);
        float[] values = StepMatrices.product(team, weights.values(), x, rows);
        attention.rotate(queries, text.heads());
        attention.rotate(keys, text.keyValueHeads());
        float[] mixed = attention.mix(layer, queries, keys, values, present);
        return StepMatrices.product(team, weights.joined(), mixed, rows);
    }

    private float[] feedForward(float[] x, int rows, int layer) {
        StepMatrices.Layer weights = matrices.layers().get(layer);
        StreamedMatrix gate = weights.gate();
        StreamedMatrix up = weights.up();
        float[] gates = gate.results(rows);
        float[] ups = up.results(rows);
        float[] inner = new float[rows * up.outputs()];
        StreamedMatrix.Factors gateFactors = gate.factors(x, rows);
        StreamedMatrix.Factors upFactors = up.factors(x, rows);
        team.share(gate.parts(), part -> {
            gate.multiply(gateFactors, gates, part);
            up.multiply(upFactors, ups, part);
            for (int row = 0; row < rows; row++) {
                int from = row * gate.outputs() + gate.firstOutput(part);
                int to = row * gate.outputs() + gate.firstOutput(part + 1);
                for (int i = from; i < to; i++) {
                    inner[i] = gelu(gates[i]) * ups[i];
                }
            }
        });
        return StepMatrices.product(team, weights.down(), inner, rows);
    }

    /** 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))), written with the exponential that it is. */
    private static float gelu(float x) {
        double slope = GELU_SLOPE * (x + GELU_CUBE * x * x * x);
        return (float) (x / (1 + Math.exp(-slope)));
    }

    @Override
    public void close() {
        team.close();
    }
}
