package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keys and values of every token that the rows of a batch have seen. Immutable: a step gives a new cache. Opaque outside
 * this package.
 */
public final class KvCache {

    private final Map<String, Tensor> tensors;
    private final int[] padding;
    private final int columns;

    /**
     * @param tensors each [rows, keyValueHeads, columns, headSize], by input name of {@link GemmaGraph}
     * @param padding columns before each row's first token
     * @param columns tokens and padding of each row
     */
    private KvCache(Map<String, Tensor> tensors, int[] padding, int columns) {
        this.tensors = tensors;
        this.padding = padding;
        this.columns = columns;
    }

    static KvCache empty(TextConfig text, int[] padding) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int layer = 0; layer < text.layers(); layer++) {
            tensors.put(GemmaGraph.pastKeys(layer), tensor(text, padding.length, 0));
            tensors.put(GemmaGraph.pastValues(layer), tensor(text, padding.length, 0));
        }
        return new KvCache(tensors, padding, 0);
    }

    /** Memory for the keys and values that a run gives, by output name of {@link GemmaGraph}. */
    static Map<String, Tensor> places(TextConfig text, int rows, int columns) {
        Map<String, Tensor> places = new LinkedHashMap<>();
        for (int layer = 0; layer < text.layers(); layer++) {
            places.put(GemmaGraph.keys(layer), tensor(text, rows, columns));
            places.put(GemmaGraph.values(layer), tensor(text, rows, columns));
        }
        return places;
    }

    private static Tensor tensor(TextConfig text, int rows, int columns) {
        return Tensor.allocate(ElementType.FLOAT32, rows, text.keyValueHeads(), columns, text.headSize());
    }

    /** The cache after a run whose outputs are {@code outputs}. */
    KvCache grown(TextConfig text, Map<String, Tensor> outputs, int added) {
        Map<String, Tensor> grown = new LinkedHashMap<>();
        for (int layer = 0; layer < text.layers(); layer++) {
            grown.put(GemmaGraph.pastKeys(layer), outputs.get(GemmaGraph.keys(layer)));
            grown.put(GemmaGraph.pastValues(layer), outputs.get(GemmaGraph.values(layer)));
        }
        return new KvCache(grown, padding, columns + added);
    }

    Map<String, Tensor> tensors() {
        return tensors;
    }

    int[] padding() {
        return padding.clone();
    }

    int columns() {
        return columns;
    }

    /** Sequences side by side. */
    public int rows() {
        return padding.length;
    }

    /** The given rows in the given order; a row may be taken several times or not at all. */
    public KvCache select(int[] rows) {
        Map<String, Tensor> selected = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> selected.put(name, select(tensor, rows)));
        int[] selectedPadding = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            selectedPadding[i] = padding[rows[i]];
        }
        return new KvCache(selected, selectedPadding, columns);
    }

    private static Tensor select(Tensor tensor, int[] rows) {
        long[] shape = tensor.shape();
        ByteBuffer source = tensor.buffer();
        int rowBytes = source.remaining() / Math.toIntExact(shape[0]);
        shape[0] = rows.length;
        Tensor selected = Tensor.allocate(tensor.type(), shape);
        ByteBuffer target = selected.buffer();
        for (int row : rows) {
            target.put(source.slice(row * rowBytes, rowBytes));
        }
        return selected;
    }
}
