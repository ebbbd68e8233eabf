package io.palispark.tensor;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * An {@link OnnxGraph} loaded on a device. Calls may run side by side from many threads; {@link #close()} waits for
 * those under way.
 */
public final class InferenceSession implements AutoCloseable {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final String name;
    private final Device device;
    private final OrtSession session;
    private final Set<String> inputNames;
    private final Set<String> outputNames;
    private final List<OnnxTensor> weights;
    private final Map<String, OnnxTensor> lentWeights = new LinkedHashMap<>();
    private boolean closed;

    private InferenceSession(OnnxGraph graph, Device device) throws OrtException {
        this.name = graph.name();
        this.device = device;
        Map<String, OnnxTensorLike> external = new LinkedHashMap<>();
        this.weights = new ArrayList<>();
        try (OrtSession.SessionOptions options = options(device)) {
            for (Map.Entry<String, Tensor> weight : graph.externalWeights().entrySet()) {
                OnnxTensor tensor = lend(weight.getValue());
                weights.add(tensor);
                external.put(weight.getKey(), tensor);
            }
            if (!external.isEmpty()) {
                options.addExternalInitializers(external);
            }
            this.session = environment.createSession(graph.model(), options);
            for (Map.Entry<String, Tensor> weight : graph.lentWeights().entrySet()) {
                OnnxTensor tensor = lend(weight.getValue());
                weights.add(tensor);
                lentWeights.put(weight.getKey(), tensor);
            }
            Set<String> names = new LinkedHashSet<>(session.getInputNames());
            names.removeAll(lentWeights.keySet());
            this.inputNames = Set.copyOf(names);
            this.outputNames = Collections.unmodifiableSet(new LinkedHashSet<>(session.getOutputNames()));
        } catch (OrtException | RuntimeException refused) {
            weights.forEach(OnnxTensor::close);
            throw refused;
        }
    }

    /** Loads a graph. Throws {@link InferenceException} when the device is not there or the graph is not accepted. */
    public static InferenceSession open(OnnxGraph graph, Device device) {
        try {
            return new InferenceSession(graph, device);
        } catch (OrtException refused) {
            throw new InferenceException(
                    "Cannot load graph " + graph.name() + " on " + device + ": " + refused.getMessage(), refused);
        }
    }

    public Device device() {
        return device;
    }

    /** Runs the whole graph; every output by name, in memory of its own. */
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        return runWhole(inputs, Map.of());
    }

    /** Runs the graph for some outputs, each in memory of its own; no others leave the device. */
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> wanted) {
        return run(inputs, wanted, Map.of());
    }

    /**
     * Computes some outputs and no others, and writes them where the caller wants them, without a copy.
     *
     * @param outputs {@linkplain Tensor#allocate allocated} tensors of the right type and shape, by output name; at least
     *     one
     */
    public void run(Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
        run(inputs, Set.of(), outputs);
    }

    /**
     * Runs the whole graph and writes some outputs where the caller wants them.
     *
     * @param places as the outputs of {@link #run(Map, Map)}; none is allowed
     * @return every output by name: those of {@code places}, the others in memory of their own
     */
    public Map<String, Tensor> runWhole(Map<String, Tensor> inputs, Map<String, Tensor> places) {
        Set<String> others = new LinkedHashSet<>(outputNames);
        others.removeAll(places.keySet());
        return run(inputs, others, places);
    }

    private Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> others, Map<String, Tensor> outputs) {
        lock.readLock().lock();
        List<OnnxTensor> lent = new ArrayList<>();
        try {
            if (closed) {
                throw new InferenceException("Cannot run graph " + name + ": the session is closed");
            }
            Map<String, OnnxValue> places = Map.copyOf(lend(outputs, lent));
            Map<String, OnnxTensor> feeds = lend(inputs, lent);
            feeds.putAll(lentWeights);
            try (OrtSession.Result result = session.run(feeds, others, places)) {
                Map<String, Tensor> all = new LinkedHashMap<>(outputs);
                for (String other : others) {
                    all.put(other, copy((OnnxTensor) result.get(other).orElseThrow()));
                }
                return all;
            }
        } catch (OrtException refused) {
            throw new InferenceException(
                    "Cannot run graph " + name + " on " + device + ": " + refused.getMessage(), refused);
        } finally {
            lent.forEach(OnnxTensor::close);
            lock.readLock().unlock();
        }
    }

    /** Names of all inputs but the lent weights. */
    public Set<String> inputNames() {
        return inputNames;
    }

    /** Names of all outputs. */
    public Set<String> outputNames() {
        return outputNames;
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
                weights.forEach(OnnxTensor::close);
            }
        } catch (OrtException refused) {
            throw new InferenceException("Cannot close graph " + name + ": " + refused.getMessage(), refused);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private Map<String, OnnxTensor> lend(Map<String, Tensor> tensors, List<OnnxTensor> lent) throws OrtException {
        Map<String, OnnxTensor> named = new LinkedHashMap<>();
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            OnnxTensor tensor = lend(entry.getValue());
            lent.add(tensor);
            named.put(entry.getKey(), tensor);
        }
        return named;
    }

    /** Direct buffers are used in place, others copied by ONNX Runtime. */
    private OnnxTensor lend(Tensor tensor) throws OrtException {
        return OnnxTensor.createTensor(
                environment, tensor.buffer(), tensor.shape(), tensor.type().runtime());
    }

    private static Tensor copy(OnnxTensor value) {
        Tensor copy = Tensor.allocate(
                ElementType.of(value.getInfo().type), value.getInfo().getShape());
        copy.buffer().put(value.getByteBuffer());
        return copy;
    }

    /**
     * Throws unless the ONNX Runtime of this process can compute on a kind of device; whether its driver and the device
     * are there shows when a graph is opened.
     */
    public static void requireAvailable(Device device) {
        if (device instanceof Device.Cuda
                && !OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
            throw new InferenceException("Cannot compute on " + device
                    + ": the ONNX Runtime on the class path has no CUDA; submit with onnxruntime_gpu "
                    + OrtEnvironment.getEnvironment().getVersion() + " ahead of it");
        }
    }

    private static OrtSession.SessionOptions options(Device device) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        try {
            if (device instanceof Device.Cuda cuda) {
                addCuda(options, cuda);
            } else if (device instanceof Device.Cpu cpu) {
                options.setIntraOpNumThreads(cpu.threads());
            }
            // Idle workers must not burn the cores that other tasks of the executor need.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            return options;
        } catch (OrtException | RuntimeException refused) {
            options.close();
            throw refused;
        }
    }

    private static void addCuda(OrtSession.SessionOptions options, Device.Cuda cuda) throws OrtException {
        requireAvailable(cuda);
        // On the processor nothing but extents is computed then: a worker per core would have nothing to do.
        options.setIntraOpNumThreads(1);
        try (OrtCUDAProviderOptions provider = new OrtCUDAProviderOptions(cuda.ordinal())) {
            // float32 means float32: the references are compared at 1e-5.
            provider.add("use_tf32", "0");
            // Each session has an arena of its own: by default it grows to the next power of two of what is asked for,
            // up to twice the memory, and keeps it.
            provider.add("arena_extend_strategy", "kSameAsRequested");
            // By default cuDNN times all its convolutions for each new extent and takes the fastest of that minute.
            provider.add("cudnn_conv_algo_search", "HEURISTIC");
            options.addCUDA(provider);
        }
    }
}
