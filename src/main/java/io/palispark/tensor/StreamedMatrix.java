package io.palispark.tensor;

import java.nio.ByteBuffer;
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
        return type == ElementType.FLOAT32 ? Factors.inOrder(x, rows, inputs) : Factors.ofPairs(x, rows, inputs);
    }

    /**
     * Vectors made ready by {@link #factors} for this matrix and those of the same type and width. Three and more are in tiles
     * of {@link RowKernels#TILE}, in which a last one alone is not; a tile has zeros for vectors that it lacks. There are
     * zeros behind the last inputs.
     */
    public static final class Factors {
        private final float[] ordered;
        private final int rows;
        private final int width;
        private final int tiled;

        /**
         * @param width of a vector with the zeros behind it
         * @param tiled rows that are in tiles
         */
        private Factors(int rows, int width, int tiled) {
            int tile = RowKernels.TILE;
            this.ordered = new float[((tiled + tile - 1) / tile * tile + rows - tiled) * width];
            this.rows = rows;
            this.width = width;
            this.tiled = tiled;
        }

        private static Factors inOrder(float[] x, int rows, int inputs) {
            Factors factors = new Factors(rows, padded(inputs, RowKernels.LANES), 0);
            for (int row = 0; row < rows; row++) {
                System.arraycopy(x, row * inputs, factors.ordered, row * factors.width, inputs);
            }
            return factors;
        }

        private static Factors ofPairs(float[] x, int rows, int inputs) {
            int tiled = rows < 3 ? 0 : rows % RowKernels.TILE == 1 ? rows - 1 : rows;
            Factors factors = new Factors(rows, padded(inputs, 2 * RowKernels.LANES), tiled);
            for (int row = 0; row < rows; row++) {
                factors.putPairs(x, row * inputs, row, inputs / 2);
            }
            return factors;
        }

        private static int padded(int inputs, int block) {
            return (inputs + block - 1) / block * block;
        }

        private void putPairs(float[] x, int from, int row, int pairs) {
            int lanes = RowKernels.LANES;
            int beside = besideOf(row);
            for (int i = 0; i < pairs; i += lanes) {
                int even = firstPair(row) + 2 * beside * i;
                int odd = even + beside * lanes;
                for (int lane = 0; lane < Math.min(lanes, pairs - i); lane++) {
                    ordered[even + lane] = x[from + 2 * (i + lane)];
                    ordered[odd + lane] = x[from + 2 * (i + lane) + 1];
                }
            }
        }

        /** Vectors of the tile that a row is in. */
        private int besideOf(int row) {
            return row < tiled ? RowKernels.TILE : 1;
        }

        /** Where the first pair of a row has its even factor. */
        private int firstPair(int row) {
            int place = row % besideOf(row);
            return (row - place) * width + place * RowKernels.LANES;
        }
    }

    /** Room for the products of {@code rows} vectors, [rows, outputs]. */
    public float[] results(int rows) {
        return new float[rows * outputs];
    }

    /**
     * Computes the outputs of one part for all vectors into {@code results}: tile by tile, of which the first reads the
     * weights from memory and the others from the cache. The numbers of a vector do not depend on the others.
     */
    public void multiply(Factors factors, float[] results, int part) {
        Part place = parts.get(part);
        int apart = (place.to - place.from) / RowKernels.GROUP;
        int done = place.from + RowKernels.GROUP * apart;
        float[] sums = RowKernels.sums(factors.besideOf(0) * RowKernels.GROUP * Math.max(1, apart));
        for (int vector = 0; vector < factors.rows; vector += factors.besideOf(vector)) {
            if (apart > 0) {
                multiply(place, factors, vector, place.from, apart, sums, results);
            }
            if (done < place.to) {
                // the last rows once more, whatever part they belong to: the results are the same
                int row = Math.max(place.to, RowKernels.GROUP) - RowKernels.GROUP;
                multiply(place, factors, vector, row, 1, sums, results);
            }
        }
    }

    /** Computes {@link RowKernels#GROUP} {@code apart} outputs, from that of {@code row} on, of one tile of vectors. */
    private void multiply(Part place, Factors factors, int vector, int row, int apart, float[] sums, float[] results) {
        int beside = factors.besideOf(vector);
        int rowBytes = inputs * type.bytes();
        int steps = rowBytes / (RowKernels.LANES * Float.BYTES);
        int x = vector * factors.width;
        for (int i = 0; i < apart; i++) {
            int at = (row + i) * rowBytes;
            int sumsAt = i * RowKernels.LANES;
            int sumsApart = apart * RowKernels.LANES;
            if (type == ElementType.FLOAT32) {
                RowKernels.float32(
                        place.weights, at, steps, apart * rowBytes, factors.ordered, x, sums, sumsAt, sumsApart);
            } else if (beside == 1) {
                RowKernels.bfloat16(
                        place.weights, at, steps, apart * rowBytes, factors.ordered, x, sums, sumsAt, sumsApart);
            } else {
                RowKernels.bfloat16Tile(
                        place.weights, at, steps, apart * rowBytes, factors.ordered, x, sums, sumsAt, sumsApart);
            }
        }
        int count = RowKernels.GROUP * apart;
        RowKernels.addLanes(sums, beside * count);
        for (int i = 0; i < Math.min(beside, factors.rows - vector); i++) {
            int y = (vector + i) * outputs + place.firstOutput - place.from + row;
            System.arraycopy(sums, i * count, results, y, count);
            addEnds(place, factors, vector + i, row, count, results, y);
        }
    }

    /** Adds what the inputs behind the last whole step give to the outputs of {@code count} rows. */
    private void addEnds(Part place, Factors factors, int vector, int row, int count, float[] results, int y) {
        int units = inputs * type.bytes() / Float.BYTES;
        int whole = units / RowKernels.LANES * RowKernels.LANES;
        if (whole == units) {
            return;
        }
        int even = factors.firstPair(vector) + 2 * factors.besideOf(vector) * whole;
        int odd = even + factors.besideOf(vector) * RowKernels.LANES;
        for (int i = 0; i < count; i++) {
            int at = ((row + i) * units + whole) * Float.BYTES;
            for (int lane = 0; lane < units - whole; lane++) {
                int bits = place.weights.getInt(at + lane * Float.BYTES);
                results[y + i] += type == ElementType.FLOAT32
                        ? Float.intBitsToFloat(bits) * factors.ordered[vector * factors.width + whole + lane]
                        : RowKernels.even(bits) * factors.ordered[even + lane]
                                + RowKernels.odd(bits) * factors.ordered[odd + lane];
            }
        }
    }
}
