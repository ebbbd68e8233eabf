package io.palispark.paligemma;

import io.palispark.tensor.Tensor;
import io.palispark.tensor.TensorLayout;
import io.palispark.tensor.WeightSource;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Weights of a file under their canonical names. */
final class NamedWeights implements WeightSource {

    private final WeightSource source;
    private final Map<String, String> originals = new LinkedHashMap<>();

    NamedWeights(String place, WeightSource source) throws CheckpointException {
        this.source = source;
        for (String original : source.names()) {
            String other = originals.put(TensorName.canonical(original), original);
            if (other != null) {
                throw new CheckpointException(place, other + " and " + original + " name the same tensor");
            }
        }
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(originals.keySet());
    }

    @Override
    public TensorLayout layout(String name) {
        return source.layout(original(name));
    }

    @Override
    public Tensor tensor(String name) throws IOException {
        return source.tensor(original(name));
    }

    @Override
    public List<Tensor> rowBlocks(String name, long blockBytes) throws IOException {
        return source.rowBlocks(original(name), blockBytes);
    }

    private String original(String name) {
        return originals.getOrDefault(name, name);
    }
}
