package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.NpzFile;
import io.palispark.tensor.SafetensorsFolder;
import io.palispark.tensor.Tensor;
import io.palispark.tensor.TensorLayout;
import io.palispark.tensor.WeightSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A PaliGemma checkpoint: its configuration and its weights, which stay mapped in their files. Opening checks names,
 * extents and types of all tensors and reads none, except a head of its own that is compared with the embedding table.
 */
public final class Checkpoint implements AutoCloseable {

    /** Largest part of a table that is handed over at once. */
    private static final long BLOCK_BYTES = 1L << 30;

    /** ONNX Runtime computes a constant of at most 1 GiB ahead; a larger one would be widened again for every token. */
    private static final long WIDENED_BYTES = 1L << 29;

    private final String source;
    private final CheckpointConfig config;
    private final WeightSource weights;
    private final AutoCloseable files;
    private final boolean ownHead;

    private Checkpoint(String source, CheckpointConfig config, WeightSource weights, AutoCloseable files)
            throws IOException {
        this.source = source;
        this.config = config;
        this.weights = weights;
        this.files = files;
        TensorPlan.of(config).check(source, weights);
        this.ownHead = weights.names().contains(TensorName.HEAD) && (!config.tied() || headDiffers());
    }

    /** Opens a Hugging Face folder: config.json beside single or sharded safetensors, in any spelling. */
    public static Checkpoint open(Path folder) throws IOException {
        CheckpointConfig config = CheckpointConfig.read(folder);
        SafetensorsFolder files = open(folder, config);
        return closingOnFailure(
                files,
                () -> new Checkpoint(folder.toString(), config, new NamedWeights(folder.toString(), files), files));
    }

    /** Opens a folder and merges the PEFT adapter of another into it, in float32. */
    public static Checkpoint open(Path folder, Path adapter) throws IOException {
        CheckpointConfig config = CheckpointConfig.read(folder);
        SafetensorsFolder files = open(folder, config);
        return closingOnFailure(files, () -> {
            WeightSource base = new NamedWeights(folder.toString(), files);
            TensorPlan.of(config).check(folder.toString(), base);
            return new Checkpoint(folder + " with " + adapter, config, LoraWeights.over(base, adapter), files);
        });
    }

    /**
     * Opens a big_vision archive.
     *
     * @param config of the model in the archive, which has none; its vocabulary becomes the archive's
     */
    public static Checkpoint openBigVision(Path archive, CheckpointConfig config) throws IOException {
        NpzFile file = NpzFile.read(archive);
        CheckpointConfig own = config.withText(config.text().withVocabulary(BigVisionWeights.vocabulary(file)));
        return new Checkpoint(archive.toString(), own, new BigVisionWeights(file, own), () -> {});
    }

    private static SafetensorsFolder open(Path folder, CheckpointConfig config) throws IOException {
        if (!SafetensorsFolder.isIn(folder)) {
            throw new CheckpointException(
                    folder.toString(),
                    "it has no " + SafetensorsFolder.SINGLE + " and no " + SafetensorsFolder.INDEX + "; weights of a "
                            + config.text().family() + " model in another format have to be converted");
        }
        return SafetensorsFolder.open(folder);
    }

    private interface Opening {
        Checkpoint open() throws IOException;
    }

    private static Checkpoint closingOnFailure(SafetensorsFolder files, Opening opening) throws IOException {
        try {
            return opening.open();
        } catch (IOException | RuntimeException refused) {
            files.close();
            throw refused;
        }
    }

    public CheckpointConfig config() {
        return config;
    }

    /** The same weights read with another configuration, such as one without the attention cap. */
    public Checkpoint withConfig(CheckpointConfig other) throws IOException {
        return new Checkpoint(source, other, weights, files);
    }

    /** Whether the output head is a tensor of its own rather than the embedding table. */
    public boolean ownHead() {
        return ownHead;
    }

    /** How many tensors there are of each element type. */
    public Map<ElementType, Long> elementTypes() {
        Map<ElementType, Long> types = new TreeMap<>();
        weights.names().forEach(name -> types.merge(weights.layout(name).type(), 1L, Long::sum));
        return types;
    }

    /** Numbers in all tensors that are used. */
    public long parameters() {
        return weights.names().stream()
                .filter(name -> ownHead || !name.equals(TensorName.HEAD))
                .mapToLong(name -> weights.layout(name).count())
                .sum();
    }

    Tensor tensor(String name) throws IOException {
        return weights.tensor(name);
    }

    /** The rows of the embedding table, in blocks that a session takes. */
    List<Tensor> embeddingBlocks() throws IOException {
        return weights.rowBlocks(TensorName.EMBEDDING, BLOCK_BYTES);
    }

    /** The rows of the output head, in blocks that a session widens to float32 once and for all when it is loaded. */
    List<Tensor> headBlocks() throws IOException {
        String name = ownHead ? TensorName.HEAD : TensorName.EMBEDDING;
        int narrower = ElementType.FLOAT32.bytes()
                / Math.min(4, weights.layout(name).type().bytes());
        return weights.rowBlocks(name, WIDENED_BYTES / narrower);
    }

    /** Fine-tunes exist whose configuration says tied and whose head is not the table: the head in the file counts. */
    private boolean headDiffers() throws IOException {
        TensorLayout head = weights.layout(TensorName.HEAD);
        if (!head.equals(weights.layout(TensorName.EMBEDDING))) {
            return true;
        }
        List<Tensor> heads = weights.rowBlocks(TensorName.HEAD, BLOCK_BYTES);
        List<Tensor> tables = weights.rowBlocks(TensorName.EMBEDDING, BLOCK_BYTES);
        for (int i = 0; i < heads.size(); i++) {
            if (heads.get(i).buffer().mismatch(tables.get(i).buffer()) >= 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        try {
            files.close();
        } catch (IOException | RuntimeException failed) {
            throw failed;
        } catch (Exception failed) {
            throw new IOException("Cannot close " + source, failed);
        }
    }

    @Override
    public String toString() {
        return source;
    }
}
