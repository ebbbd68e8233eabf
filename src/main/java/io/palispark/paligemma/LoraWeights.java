package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.SafetensorsFile;
import io.palispark.tensor.ScratchMemory;
import io.palispark.tensor.Tensor;
import io.palispark.tensor.TensorLayout;
import io.palispark.tensor.WeightSource;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Base weights with a PEFT adapter merged into them. What the adapter changes is computed in float32 when it is asked
 * for; all else is the base's own mapping. Rules: huggingface/peft: src/peft/tuners/lora/{layer,dora}.py.
 */
final class LoraWeights implements WeightSource {

    private static final String FILE = "adapter_model.safetensors";
    private static final String FIRST = ".lora_A.weight";
    private static final String SECOND = ".lora_B.weight";
    private static final String SECOND_BIAS = ".lora_B.bias";
    private static final String MAGNITUDE = ".lora_magnitude_vector";

    private final WeightSource base;
    private final SafetensorsFile adapter;
    private final LoraConfig config;
    private final String source;
    /** Tensor of the adapter by what it does to which module or tensor, such as {@code projector.linear.lora_A.weight}. */
    private final Map<String, String> parts = new HashMap<>();

    private LoraWeights(WeightSource base, SafetensorsFile adapter, LoraConfig config, Path folder)
            throws CheckpointException {
        this.base = base;
        this.adapter = adapter;
        this.config = config;
        this.source = folder.toString();
        for (String name : adapter.names()) {
            String part = TensorName.canonical(name).replace(".base_layer.", ".");
            requirePlace(name, part);
            if (parts.put(part, name) != null) {
                throw new CheckpointException(source, part + " is there under two names");
            }
        }
        for (String part : parts.keySet()) {
            requirePartner(part);
        }
    }

    /** Lays the adapter of a folder over base weights with canonical names. */
    static LoraWeights over(WeightSource base, Path folder) throws IOException {
        LoraConfig config = LoraConfig.read(folder);
        try (SafetensorsFile adapter = SafetensorsFile.open(folder.resolve(FILE))) {
            LoraWeights merged = new LoraWeights(base, adapter, config, folder);
            merged.computeAll();
            return merged;
        }
    }

    private final Map<String, Tensor> computed = new HashMap<>();

    @Override
    public Set<String> names() {
        Set<String> names = new HashSet<>(base.names());
        names.addAll(computed.keySet());
        return names;
    }

    @Override
    public TensorLayout layout(String name) {
        Tensor own = computed.get(name);
        return own == null ? base.layout(name) : TensorLayout.of(own);
    }

    @Override
    public Tensor tensor(String name) throws IOException {
        Tensor own = computed.get(name);
        return own == null ? base.tensor(name) : own;
    }

    @Override
    public List<Tensor> rowBlocks(String name, long blockBytes) throws IOException {
        Tensor own = computed.get(name);
        return own == null ? base.rowBlocks(name, blockBytes) : List.of(own);
    }

    private void computeAll() throws IOException {
        for (Map.Entry<String, String> part : parts.entrySet()) {
            String name = part.getKey();
            if (name.endsWith(FIRST)) {
                String module = name.substring(0, name.length() - FIRST.length());
                computed.put(module + ".weight", merged(module));
            } else if (name.endsWith(SECOND_BIAS)) {
                String module = name.substring(0, name.length() - SECOND_BIAS.length());
                computed.put(module + ".bias", mergedBias(module));
            } else if (!name.contains(".lora_")) {
                computed.put(name, adapter.tensor(part.getValue()));
            }
        }
    }

    /** W + s B A, or for DoRA m times each row of it at unit length. */
    private Tensor merged(String module) throws IOException {
        TensorLayout layout = replacedOrBase(module + ".weight");
        Tensor first = adapter.tensor(parts.get(module + FIRST));
        Tensor second = adapter.tensor(parts.get(module + SECOND));
        int rank = config.rank(module);
        int rows = Math.toIntExact(layout.shape().get(0));
        int columns = Math.toIntExact(layout.count() / rows);
        if (first.count() != (long) rank * columns || second.count() != (long) rows * rank) {
            throw new CheckpointException(
                    source,
                    "the matrices of " + module + " are " + first + " and " + second + ", the base weight is " + layout
                            + " and the rank " + rank);
        }
        float[] a = first.floats();
        float[] b = second.floats();
        float scale = (float) config.scale(module);
        Tensor merged = ScratchMemory.allocate(ElementType.FLOAT32, layout.extents());
        FloatBuffer target = merged.buffer().asFloatBuffer();
        float[] magnitude = config.decomposed() ? magnitude(module, rows) : new float[0];
        for (Tensor block : replacedOrBaseBlocks(module + ".weight")) {
            float[] weights = block.floats();
            for (int start = 0; start < weights.length; start += columns) {
                int row = target.position() / columns;
                addProduct(weights, start, columns, a, b, row * rank, rank, scale);
                if (config.decomposed()) {
                    stretch(weights, start, columns, magnitude[row]);
                }
                target.put(weights, start, columns);
            }
        }
        return merged;
    }

    private static void addProduct(
            float[] weights, int start, int columns, float[] a, float[] b, int rowOfB, int rank, float scale) {
        float[] delta = new float[columns];
        for (int k = 0; k < rank; k++) {
            float factor = b[rowOfB + k];
            int rowOfA = k * columns;
            for (int column = 0; column < columns; column++) {
                delta[column] += factor * a[rowOfA + column];
            }
        }
        for (int column = 0; column < columns; column++) {
            weights[start + column] += scale * delta[column];
        }
    }

    private static void stretch(float[] weights, int start, int columns, float length) {
        double square = 0;
        for (int column = start; column < start + columns; column++) {
            square += (double) weights[column] * weights[column];
        }
        float factor = (float) (length / Math.sqrt(square));
        for (int column = start; column < start + columns; column++) {
            weights[column] *= factor;
        }
    }

    private float[] magnitude(String module, int rows) throws IOException {
        String name = parts.get(module + MAGNITUDE);
        if (name == null || adapter.layout(name).count() != rows) {
            throw new CheckpointException(source, "use_dora is true and " + module + " has no magnitude for each row");
        }
        return adapter.tensor(name).floats();
    }

    private Tensor mergedBias(String module) throws IOException {
        float[] bias = (parts.containsKey(module + ".bias")
                        ? adapter.tensor(parts.get(module + ".bias"))
                        : base.tensor(module + ".bias"))
                .floats();
        float[] added = adapter.tensor(parts.get(module + SECOND_BIAS)).floats();
        if (added.length != bias.length) {
            throw new CheckpointException(
                    source, module + SECOND_BIAS + " has " + added.length + " values for a bias of " + bias.length);
        }
        float scale = (float) config.scale(module);
        for (int i = 0; i < bias.length; i++) {
            bias[i] += scale * added[i];
        }
        return Tensor.of(bias, bias.length);
    }

    private TensorLayout replacedOrBase(String name) {
        return parts.containsKey(name) ? adapter.layout(parts.get(name)) : base.layout(name);
    }

    private List<Tensor> replacedOrBaseBlocks(String name) throws IOException {
        long block = 1L << 28;
        return parts.containsKey(name) ? adapter.rowBlocks(parts.get(name), block) : base.rowBlocks(name, block);
    }

    private void requirePlace(String original, String part) throws CheckpointException {
        if (part.contains(".lora_embedding_")) {
            throw new CheckpointException(
                    source,
                    original + " adapts the embedding table, which PEFT itself merges differently from how it trains;"
                            + " merge it in PEFT and give the merged checkpoint");
        }
        int mark = part.indexOf(".lora_");
        String target = mark < 0 ? part : part.substring(0, mark) + ".weight";
        boolean known =
                mark < 0 || List.of(FIRST, SECOND, SECOND_BIAS, MAGNITUDE).contains(part.substring(mark));
        boolean onBase = base.names().contains(target) || target.equals(TensorName.HEAD);
        boolean tableTargeted = mark >= 0 && (target.equals(TensorName.EMBEDDING) || target.equals(TensorName.HEAD));
        if (!known || !onBase || tableTargeted) {
            throw new CheckpointException(source, "left over: " + original + " fits no weight of the base");
        }
    }

    private void requirePartner(String part) throws CheckpointException {
        int mark = part.indexOf(".lora_");
        if (mark < 0) {
            return;
        }
        String module = part.substring(0, mark);
        if (!parts.containsKey(module + FIRST) || !parts.containsKey(module + SECOND)) {
            throw new CheckpointException(source, module + " has one of the two matrices only");
        }
        if (part.endsWith(MAGNITUDE) && !config.decomposed()) {
            throw new CheckpointException(source, "left over: " + part + " although use_dora is false");
        }
    }
}
