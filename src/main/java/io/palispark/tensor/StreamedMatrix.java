package io.palispark.tensor;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A matrix of weights [outputs, inputs] that is multiplied with the vectors of a few rows while it is read from where it
 * lies, usually a mapped file. ONNX Runtime has no product of float32 with bfloat16 weights on the processor: it widens
 * them once and then reads twice the bytes for every token. Here they are widened in registers, so that the results are
 * those of float32 but for the order of the sums. Worth it as long as reading the weights takes longer than multiplying.
 */
public final class StreamedMatrix {

    /** Weights of a part, few enough to stay in a core's cache from one vector to the next. */
    private static final int PART_WEIGHTS = 1 << 17;

    private static final Set<ElementType> TYPES = Set.of(ElementType.BFLOAT16, ElementType.FLOAT32);

    private final ElementType type;
    private final int inputs;
    private final int outputs;
    private final List<Part> parts;

    /** Rows {@code from} to {@code to}, exclusive, of a block. */
    private record Part(ByteBuffer weights, int from, int to, int firstOutput) {}

    /** @param blocks [rows, inputs] each, of one type and layout that {@link #accepts} */
    public StreamedMatrix(List<Tensor> blocks) {
        Tensor first = blocks.get(0);
        this.type = first.type();
        this.inputs = Math.toIntExact(first.extent(1));
        int partOutputs = Math.max(1, PART_WEIGHTS / inputs / RowKernels.GROUP) * RowKernels.GROUP;
        List<Part> all = new ArrayList<>();
        int output = 0;
        for (Tensor block : blocks) {
            if (!accepts(block) || block.type() != type || block.extent(1) != inputs) {
                throw new IllegalArgumentException("Cannot stream " + block + " as a part of " + first);
            }
            int rows = Math.toIntExact(block.extent(0));
            for (int from = 0; from < rows; from += partOutputs) {
                int to = Math.min(rows, from + partOutputs);
                all.add(new Part(block.buffer(), from, to, output + from));
            }
            output += rows;
        }
        this.outputs = output;
        this.parts = List.copyOf(all);
    }

    /** Whether a block of weights has a type and extents that can be streamed. */
    public static boolean accepts(Tensor block) {
        return TYPES.contains(block.type())
                && block.rank() == 2
                && block.extent(0) >= RowKernels.GROUP
                && block.extent(1) % 2 == 0;
    }

    /** Of the weights as they lie in memory. */
    public ElementType type() {
        return type;
    }

    /** Number of weights. */
    public long weights() {
        return (long) inputs * outputs;
    }

    public int outputs() {
        return outputs;
    }

    /** Parts that can be computed at the same time. */
    public int parts() {
        return parts.size();
    }

    /** The first output of a part; that of {@link #parts()} is the number of outputs. */
    public int firstOutput(int part) {
        return part == parts.size() ? outputs : parts.get(part).firstOutput;
    }

    /** Vectors [rows, inputs] in the order in which the weights are taken from memory. */
    public Factors factors(float[] x, int rows) {
        float[] ordered = new float[rows * inputs];
        int half = inputs / 2;
        for (int row = 0; row < rows; row++) {
            int at = row * inputs;
            if (type == ElementType.FLOAT32) {
                System.arraycopy(x, at, ordered, at, inputs);
            } else {
                for (int i = 0; i < half; i++) {
                    ordered[at + i] = x[at + 2 * i];
                    ordered[at + half + i] = x[at + 2 * i + 1];
                }
            }
        }
        return new Factors(ordered, rows);
    }

    /** Vectors made ready by {@link #factors} for this matrix and those of the same type and width. */
    public static final class Factors {
        private final float[] ordered;
        private final int rows;

        private Factors(float[] ordered, int rows) {
            this.ordered = ordered;
            this.rows = rows;
        }
    }

    /** Room for the products of {@code rows} vectors, [rows, outputs]. */
    public float[] results(int rows) {
        return new float[rows * outputs];
    }

    /**
     * Computes the outputs of one part for all vectors into {@code results}: vector by vector, of which the first reads the
     * weights from memory and the others from the cache.
     */
    public void multiply(Factors factors, float[] results, int part) {
        Part place = parts.get(part);
        int apart = (place.to - place.from) / RowKernels.GROUP;
        int done = place.from + RowKernels.GROUP * apart;
        for (int vector = 0; vector < factors.rows; vector++) {
            for (int row = place.from; row < place.from + apart; row++) {
                multiply(place, factors, results, vector, row, apart);
            }
            if (done < place.to) {
                // the last rows once more, whatever part they belong to: the results are the same
                int row = Math.max(place.to, RowKernels.GROUP) - RowKernels.GROUP;
                multiply(place, factors, results, vector, row, 1);
            }
        }
    }

    /** Computes {@link RowKernels#GROUP} outputs of one vector. */
    private void multiply(Part place, Factors factors, float[] results, int vector, int row, int apart) {
        int at = row * inputs * type.bytes();
        int x = vector * inputs;
        int y = vector * outputs + place.firstOutput - place.from + row;
        if (type == ElementType.FLOAT32) {
            RowKernels.float32(place.weights, at, inputs, apart, factors.ordered, x, results, y);
        } else {
            RowKernels.bfloat16(place.weights, at, inputs, apart, factors.ordered, x, results, y);
        }
    }
}
