package io.palispark.tensor;

import ai.djl.BaseModel;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.LambdaBlock;
import ai.djl.util.passthrough.PassthroughNDArray;
import ai.djl.util.passthrough.PassthroughNDManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A DJL model around one of ours, which sees a whole batch at once.
 *
 * @param <M> ours, opened by {@link #load} and closed with this
 */
public final class ObjectModel<M> extends BaseModel {

    private final ObjectEngine<M> engine;
    private final ai.djl.Device device;
    private M loaded;

    ObjectModel(String name, ObjectEngine<M> engine, ai.djl.Device device) {
        super(name);
        this.engine = engine;
        this.device = device;
        this.manager = new PassthroughNDManager(engine, device);
    }

    @Override
    public void load(Path folder, String prefix, Map<String, ?> options) throws IOException {
        modelDir = folder;
        loaded = engine.open(folder, ObjectEngine.device(device), options == null ? Map.of() : options);
        block = new LambdaBlock(this::forward);
        wasLoaded = true;
    }

    /** Ours, for a translator's work before and after the batch. */
    public M loaded() {
        if (loaded == null) {
            throw new IllegalStateException("Cannot use the model " + getName() + ": load has not been called");
        }
        return loaded;
    }

    private NDList forward(NDList batch) {
        List<Object> inputs = batch.stream()
                .map(array -> ((PassthroughNDArray) array).getObject())
                .toList();
        NDArray[] outputs = engine.forward(loaded, inputs).stream()
                .map(PassthroughNDArray::new)
                .toArray(NDArray[]::new);
        return new NDList(outputs);
    }

    @Override
    public void close() {
        super.close();
        if (loaded == null) {
            return;
        }
        try {
            engine.close(loaded);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            loaded = null;
        }
    }
}
