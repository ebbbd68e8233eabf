package io.palispark.tensor;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The sessions of this process: one per model and device, however many tasks ask. They stay open until the process
 * ends: whoever holds one may call it at any time.
 */
public final class SharedSessions {

    private static final Map<Key, InferenceSession> OPEN = new ConcurrentHashMap<>();

    private SharedSessions() {}

    private record Key(String model, Device device) {}

    /**
     * The open session of a model, loaded by the first caller while the others wait.
     *
     * @param model what tells two models apart: hash of the weights, and which graph over them
     */
    public static InferenceSession session(String model, Device device, Supplier<OnnxGraph> graph) {
        return OPEN.computeIfAbsent(new Key(model, device), key -> InferenceSession.open(graph.get(), device));
    }
}
