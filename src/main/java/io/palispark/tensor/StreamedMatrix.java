package io.palispark.tensor;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A matrix of weights [outputs, inputs] that is multiplied with the vectors of a few rows while it is read from where it
 * lies, usually a mapped file. ONNX Runtime has no product of float32 with bfloat16 weights on the processor: it widens
 * them once and then reads twice the bytes for every token. Here they are widened in registers, so that the results are
 * those of float32 but for the order of the sums. Worth it for as many vectors as reading half the bytes saves more than
 * widening them once for four vectors takes.
 */
public final class StreamedMatrix {

    /** Weights of a part, few enough to stay in a core's cache from one vector to the next. */
    private static final int PART_WEIGHTS = 1 << 17;

    /** Outputs of a part at most: each has a vector of partial sums. */
    private static final int PART_OUTPUTS = 256;

    /** Rows that a block has at least. */
    public static final int LEAST_OUTPUTS = RowKernels.GROUP;

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
        int partOutputs =
                Math.max(1, Math.min(PART_OUTPUTS, PART_WEIGHTS / inputs) / RowKernels.GROUP) * RowKernels.GROUP;
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
                && block.extent(0) >= LEAST_OUTPUTS
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
        Factors factors = factors(rows);
        for (int row = 0; row < rows; row++) {
            factors.put(row, 0, x, row * inputs, inputs);
        }
        return factors;
    }

    /** Room for vectors whose numbers are not yet known. */
    public Factors factors(int rows) {
        return new Factors(rows, inputs, Float.BYTES / type.bytes());
    }

    /**
     * Vectors made ready for this matrix and those of the same type and width. Three and more are in tiles of
     * {@link RowKernels#TILE}, in which a last one alone is not; a tile has zeros for vectors that it lacks. There are zeros
     * behind the last inputs.
     */
    public static final class Factors {
        private final int rows;
        private final int together;
        private final int width;
        private final int tiled;
        private final float[] ordered;

        /** @param together weights that lie in the memory of a float32 */
        private Factors(int rows, int inputs, int together) {
            int block = together * RowKernels.LANES;
            int tile = RowKernels.TILE;
            this.rows = rows;
            this.together = together;
            this.width = (inputs + block - 1) / block * block;
            this.tiled = rows < 3 ? 0 : rows % tile == 1 ? rows - 1 : rows;
            this.ordered = new float[((tiled + tile - 1) / tile * tile + rows - tiled) * width];
        }

        /**
         * Sets some inputs of a row.
         *
         * @param from first input, even
         * @param values numbers, of which {@code count} from {@code at} on are taken
         */
        public void put(int row, int from, float[] values, int at, int count) {
            int block = together * RowKernels.LANES;
            int end = from + count;
            for (int i = from; i < end; i += block - i % block) {
                int length = Math.min(block - i % block, end - i);
                int target = at(row, i);
                int source = at + i - from;
                if (together == 1) {
                    System.arraycopy(values, source, ordered, target, length);
                } else {
                    putPairs(values, source, target, target + besideOf(row) * RowKernels.LANES, length / 2);
                }
            }
        }

        private void putPairs(float[] values, int from, int even, int odd, int pairs) {
            for (int i = 0; i < pairs; i++) {
                ordered[even + i] = values[from + 2 * i];
                ordered[odd + i] = values[from + 2 * i + 1];
            }
        }

        /** Where a row has the factor of an input. */
        private int at(int row, int input) {
            int beside = besideOf(row);
            int block = together * RowKernels.LANES;
            int first = (row - row % beside) * width + row % beside * RowKernels.LANES;
            int inBlock = input % block;
            return first
                    + (input - inBlock) * beside
                    + inBlock % together * beside * RowKernels.LANES
                    + inBlock / together;
        }

        /** Vectors of the tile that a row is in. */
        private int besideOf(int row) {
            return row < tiled ? RowKernels.TILE : 1;
        }
    }

    /** Room for the products of {@code rows} vectors, [rows, outputs]. */
    public float[] results(int rows) {
        return new float[rows * outputs];
    }

    /** Takes products of one vector from {@code sums}, of {@code count} outputs from {@code output} on. */
    private interface Sink {
        void put(int vector, int output, float[] sums, int from, int count);
    }

    /** Computes the outputs of one part for all vectors into {@code results} [rows, outputs]. */
    public void multiply(Factors factors, float[] results, int part) {
        multiply(
                factors,
                part,
                (vector, output, sums, from, count) ->
                        System.arraycopy(sums, from, results, vector * outputs + output, count));
    }

    /** The same for results outside the heap. */
    public void multiply(Factors factors, FloatBuffer results, int part) {
        multiply(
                factors,
                part,
                (vector, output, sums, from, count) -> results.put(vector * outputs + output, sums, from, count));
    }

    /** The outputs of one part alone for all vectors, [rows, outputs of the part]. */
    public float[] multiply(Factors factors, int part) {
        int first = firstOutput(part);
        int own = firstOutput(part + 1) - first;
        float[] results = new float[factors.rows * own];
        multiply(
                factors,
                part,
                (vector, output, sums, from, count) ->
                        System.arraycopy(sums, from, results, vector * own + output - first, count));
        return results;
    }

    /**
     * Tile by tile, of which the first reads the weights from memory and the others from the cache. The numbers of a vector
     * do not depend on the others.
     */
    private void multiply(Factors factors, int part, Sink sink) {
        Part place = parts.get(part);
        int apart = (place.to - place.from) / RowKernels.GROUP;
        int done = place.from + RowKernels.GROUP * apart;
        float[] sums = RowKernels.sums(factors.besideOf(0) * RowKernels.GROUP * Math.max(1, apart));
        for (int vector = 0; vector < factors.rows; vector += factors.besideOf(vector)) {
            if (apart > 0) {
                multiply(place, factors, vector, place.from, apart, sums);
                drain(place, factors, vector, place.from, 0, RowKernels.GROUP * apart, sums, sink);
            }
            if (done < place.to) {
                // the last outputs with some before them, whatever part those belong to
                int row = Math.max(place.to, RowKernels.GROUP) - RowKernels.GROUP;
                multiply(place, factors, vector, row, 1, sums);
                drain(place, factors, vector, row, done - row, place.to - row, sums, sink);
            }
        }
    }

    /** Partial sums of {@link RowKernels#GROUP} {@code apart} outputs, from that of {@code row} on, of one tile. */
    private void multiply(Part place, Factors factors, int vector, int row, int apart, float[] sums) {
        boolean isTile = factors.besideOf(vector) == RowKernels.TILE;
        int rowBytes = inputs * type.bytes();
        int steps = rowBytes / (RowKernels.LANES * Float.BYTES);
        int bytesApart = apart * rowBytes;
        int sumsApart = apart * RowKernels.LANES;
        int x = vector * factors.width;
        float[] ordered = factors.ordered;
        ByteBuffer weights = place.weights;
        for (int i = 0; i < apart; i++) {
            int at = (row + i) * rowBytes;
            int sumsAt = i * RowKernels.LANES;
            if (type == ElementType.FLOAT32) {
                if (isTile) {
                    Float32Kernels.tile(weights, at, steps, bytesApart, ordered, x, sums, sumsAt, sumsApart);
                } else {
                    Float32Kernels.one(weights, at, steps, bytesApart, ordered, x, sums, sumsAt, sumsApart);
                }
            } else if (isTile) {
                RowKernels.bfloat16Tile(weights, at, steps, bytesApart, ordered, x, sums, sumsAt, sumsApart);
            } else {
                RowKernels.bfloat16(weights, at, steps, bytesApart, ordered, x, sums, sumsAt, sumsApart);
            }
        }
    }

    /** Hands over outputs {@code from} to {@code to}, exclusive, of those that stand in {@code sums} for each vector of a tile. */
    private void drain(Part place, Factors factors, int vector, int row, int from, int to, float[] sums, Sink sink) {
        int beside = factors.besideOf(vector);
        RowKernels.addLanes(sums, beside * to);
        for (int i = 0; i < Math.min(beside, factors.rows - vector); i++) {
            addEnds(place, factors, vector + i, row, to, sums, i * to);
            sink.put(vector + i, place.firstOutput - place.from + row + from, sums, i * to + from, to - from);
        }
    }

    /** Adds what the inputs behind the last whole step give to the outputs of {@code count} rows. */
    private void addEnds(Part place, Factors factors, int vector, int row, int count, float[] sums, int sumsAt) {
        int words = inputs * type.bytes() / Float.BYTES;
        int whole = words / RowKernels.LANES * RowKernels.LANES;
        if (whole == words) {
            return;
        }
        int even = factors.at(vector, whole * factors.together);
        int odd = even + factors.besideOf(vector) * RowKernels.LANES;
        for (int i = 0; i < count; i++) {
            int at = ((row + i) * words + whole) * Float.BYTES;
            for (int lane = 0; lane < words - whole; lane++) {
                int bits = place.weights.getInt(at + lane * Float.BYTES);
                sums[sumsAt + i] += type == ElementType.FLOAT32
                        ? Float.intBitsToFloat(bits) * factors.ordered[even + lane]
                        : RowKernels.even(bits) * factors.ordered[even + lane]
                                + RowKernels.odd(bits) * factors.ordered[odd + lane];
            }
        }
    }
}
