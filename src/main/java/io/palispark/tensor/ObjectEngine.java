package io.palispark.tensor;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineProvider;
import ai.djl.ndarray.NDManager;
import ai.djl.util.passthrough.PassthroughNDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A DJL engine for one kind of model that computes on objects and not on DJL's arrays. DJL finds it by the name that
 * {@code Criteria.optEngine} gives; it is never anybody's default.
 *
 * @param <M> the model
 */
public abstract class ObjectEngine<M> extends Engine implements EngineProvider {

    private static final int LAST = 1000;

    private final String name;

    protected ObjectEngine(String name) {
        this.name = name;
    }

    /**
     * Opens a model folder.
     *
     * @param options of {@code Criteria.optOption}
     * @throws IllegalArgumentException for an option that is not known or a value that is not allowed
     */
    protected abstract M open(Path folder, Device device, Map<String, ?> options) throws IOException;

    /** Ends a model that {@link #open} gave. */
    protected abstract void close(M model) throws IOException;

    /** One output for each input of a batch, in order. */
    protected abstract List<?> forward(M model, List<Object> inputs);

    /** All processors together, or the accelerator of that number. */
    static Device device(ai.djl.Device device) {
        return device.isGpu()
                ? new Device.Cuda(device.getDeviceId())
                : new Device.Cpu(Runtime.getRuntime().availableProcessors());
    }

    /** Refuses what is not one of the known options, so that none is ignored by its spelling. */
    protected void checkOptions(Map<String, ?> options, List<String> known) {
        for (String option : options.keySet()) {
            if (!known.contains(option)) {
                throw new IllegalArgumentException("Cannot open a model with the engine " + name + ": the option "
                        + option + " is none of " + known);
            }
        }
    }

    @Override
    public Model newModel(String modelName, ai.djl.Device device) {
        return new ObjectModel<>(modelName, this, device == null ? ai.djl.Device.cpu() : device);
    }

    @Override
    public Engine getEngine() {
        return this;
    }

    @Override
    public String getEngineName() {
        return name;
    }

    @Override
    public int getEngineRank() {
        return LAST;
    }

    @Override
    public int getRank() {
        return LAST;
    }

    @Override
    public Engine getAlternativeEngine() {
        return null;
    }

    @Override
    public String getVersion() {
        String version = ObjectEngine.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public boolean hasCapability(String capability) {
        return false;
    }

    @Override
    public NDManager newBaseManager() {
        return newBaseManager(ai.djl.Device.cpu());
    }

    @Override
    public NDManager newBaseManager(ai.djl.Device device) {
        return new PassthroughNDManager(this, device);
    }
}
