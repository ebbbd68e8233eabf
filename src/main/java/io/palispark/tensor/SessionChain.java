package io.palispark.tensor;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * One network as several graphs that run one after the other, each taking by name what the caller or an earlier one
 * gives. ONNX Runtime holds the weights of a graph several times while it loads it; of a chain, only one link is being
 * loaded at any time.
 */
public final class SessionChain implements AutoCloseable {

    private final Deque<InferenceSession> sessions = new ArrayDeque<>();

    private SessionChain() {}

    /** A graph that is put together when its turn comes. */
    @FunctionalInterface
    public interface Link {
        OnnxGraph build() throws IOException;
    }

    /** Loads the links, last first: the place of the largest is where nothing else is loaded yet. */
    public static SessionChain open(List<Link> links, Device device) throws IOException {
        SessionChain chain = new SessionChain();
        try {
            for (int i = links.size() - 1; i >= 0; i--) {
                chain.sessions.addFirst(InferenceSession.open(links.get(i).build(), device));
            }
            return chain;
        } catch (IOException | RuntimeException refused) {
            chain.close();
            throw refused;
        }
    }

    /**
     * Runs all links.
     *
     * @param outputs allocated tensors for some of the outputs, by name; the others get memory of their own
     * @return all outputs, those that one link hands to the next among them
     */
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
        return run(inputs, (session, feeds) -> {
            Map<String, Tensor> places = new LinkedHashMap<>(outputs);
            places.keySet().retainAll(session.outputNames());
            return session.runWhole(feeds, places);
        });
    }

    /**
     * Runs all links for some outputs; no others are copied into memory of the JVM.
     *
     * @param wanted names of outputs
     */
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> wanted) {
        Set<String> needed = new LinkedHashSet<>(wanted);
        sessions.forEach(session -> needed.addAll(session.inputNames()));
        Map<String, Tensor> results = run(inputs, (session, feeds) -> {
            Set<String> asked = new LinkedHashSet<>(session.outputNames());
            asked.retainAll(needed);
            return session.run(feeds, asked);
        });
        results.keySet().retainAll(wanted);
        return results;
    }

    private Map<String, Tensor> run(
            Map<String, Tensor> inputs, BiFunction<InferenceSession, Map<String, Tensor>, Map<String, Tensor>> call) {
        Map<String, Tensor> known = new LinkedHashMap<>(inputs);
        Map<String, Tensor> results = new LinkedHashMap<>();
        for (InferenceSession session : sessions) {
            Map<String, Tensor> feeds = new LinkedHashMap<>(known);
            feeds.keySet().retainAll(session.inputNames());
            Map<String, Tensor> given = call.apply(session, feeds);
            known.putAll(given);
            results.putAll(given);
        }
        return results;
    }

    @Override
    public void close() {
        sessions.forEach(InferenceSession::close);
    }
}
