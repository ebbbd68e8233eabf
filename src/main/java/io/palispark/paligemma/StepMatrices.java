package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.StreamedMatrix;
import io.palispark.tensor.Tensor;
import io.palispark.tensor.WorkTeam;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The matrices of the language model as {@link TokenStep} reads them, straight from the checkpoint's files.
 *
 * @param layers in order
 * @param head to the logits
 */
record StepMatrices(List<Layer> layers, StreamedMatrix head) {

    /** The matrices of one layer, by the names of their files. */
    record Layer(
            StreamedMatrix queries,
            StreamedMatrix keys,
            StreamedMatrix values,
            StreamedMatrix joined,
            StreamedMatrix gate,
            StreamedMatrix up,
            StreamedMatrix down) {}

    /** Empty where a matrix has a type that cannot be streamed. */
    static Optional<StepMatrices> of(Checkpoint checkpoint) throws IOException {
        List<Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < checkpoint.config().text().layers(); layer++) {
            String name = TensorName.textLayer(layer);
            List<StreamedMatrix> found = new ArrayList<>();
            for (String matrix : List.of(
                    "self_attn.q_proj",
                    "self_attn.k_proj",
                    "self_attn.v_proj",
                    "self_attn.o_proj",
                    "mlp.gate_proj",
                    "mlp.up_proj",
                    "mlp.down_proj")) {
                Tensor weight = checkpoint.tensor(name + matrix + ".weight");
                if (!StreamedMatrix.accepts(weight)) {
                    return Optional.empty();
                }
                found.add(new StreamedMatrix(List.of(weight)));
            }
            layers.add(new Layer(
                    found.get(0), found.get(1), found.get(2), found.get(3), found.get(4), found.get(5), found.get(6)));
        }
        List<Tensor> head = checkpoint.headBlocks();
        return head.stream().allMatch(StreamedMatrix::accepts)
                ? Optional.of(new StepMatrices(List.copyOf(layers), new StreamedMatrix(head)))
                : Optional.empty();
    }

    /** Share of the weights that are bfloat16, 0 to 1. */
    double narrowShare() {
        long narrow = 0;
        long all = 0;
        for (StreamedMatrix matrix : all()) {
            narrow += matrix.type() == ElementType.BFLOAT16 ? matrix.weights() : 0;
            all += matrix.weights();
        }
        return (double) narrow / all;
    }

    private List<StreamedMatrix> all() {
        List<StreamedMatrix> all = new ArrayList<>(List.of(head));
        for (Layer layer : layers) {
            all.addAll(
                    List.of(layer.queries, layer.keys, layer.values, layer.joined, layer.gate, layer.up, layer.down));
        }
        return all;
    }

    /** x Wᵀ for the vectors of {@code rows} rows, [rows, outputs]. */
    static float[] product(WorkTeam team, StreamedMatrix matrix, float[] x, int rows) {
        return products(team, List.of(matrix), x, rows).get(0);
    }

    /** The products of the same vectors with several matrices of one width. */
    static List<float[]> products(WorkTeam team, List<StreamedMatrix> matrices, float[] x, int rows) {
        Map<ElementType, StreamedMatrix.Factors> factors = new EnumMap<>(ElementType.class);
        List<float[]> results = new ArrayList<>();
        int parts = 0;
        for (StreamedMatrix matrix : matrices) {
            factors.computeIfAbsent(matrix.type(), unused -> matrix.factors(x, rows));
            results.add(matrix.results(rows));
            parts += matrix.parts();
        }
        team.share(parts, part -> {
            int own = part;
            int place = 0;
            for (; own >= matrices.get(place).parts(); place++) {
                own -= matrices.get(place).parts();
            }
            StreamedMatrix matrix = matrices.get(place);
            matrix.multiply(factors.get(matrix.type()), results.get(place), own);
        });
        return results;
    }
}
