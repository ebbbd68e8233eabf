package io.palispark.geometry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/**
 * Connected pixels of equal value on a raster of class indices, by union-find over row runs: linear in the pixels.
 * Components come in the order of their first pixel in reading order (rows, then columns).
 */
public final class ConnectedComponents {

    /**
     * Pixels of one value that hang together.
     *
     * @param value the class index
     * @param mask at least one pixel
     */
    public record Component(int value, RunLengthMask mask) {}

    private final ImageSize size;
    private final IntUnaryOperator raster;
    private final IntPredicate isBackground;
    private final int reach;

    /** Per run, in reading order: first column, end column (exclusive), value, and a run of its component not after it. */
    private int[] starts = new int[64];

    private int[] ends = new int[64];
    private int[] values = new int[64];
    private int[] parents = new int[64];
    private int runs;
    /** Per row, the index of its first run; one more at the end. */
    private final int[] firstRunOfRow;

    private ConnectedComponents(
            ImageSize size, int pixels, IntUnaryOperator raster, IntPredicate isBackground, Connectivity connectivity) {
        if (size.pixels() != pixels) {
            throw new IllegalArgumentException(
                    "Cannot find components of a " + size + " raster: it has " + pixels + " values");
        }
        this.size = size;
        this.raster = raster;
        this.isBackground = isBackground;
        this.reach = connectivity.reach();
        this.firstRunOfRow = new int[size.height() + 1];
    }

    /**
     * The components of a raster.
     *
     * @param raster height x width class indices, row-major
     * @param isBackground values that make no component, such as 0 and the ignore index
     */
    public static List<Component> of(
            ImageSize size, int[] raster, IntPredicate isBackground, Connectivity connectivity) {
        return new ConnectedComponents(size, raster.length, i -> raster[i], isBackground, connectivity).components();
    }

    /**
     * The components of an 8-bit raster.
     *
     * @param raster height x width class indices 0..255 (unsigned), row-major
     * @param isBackground values that make no component, such as 0 and the ignore index
     */
    public static List<Component> of(
            ImageSize size, byte[] raster, IntPredicate isBackground, Connectivity connectivity) {
        return new ConnectedComponents(size, raster.length, i -> raster[i] & 0xff, isBackground, connectivity)
                .components();
    }

    private List<Component> components() {
        for (int row = 0; row < size.height(); row++) {
            firstRunOfRow[row] = runs;
            findRuns(row);
            firstRunOfRow[row + 1] = runs;
            if (row > 0) {
                joinWithRowAbove(row);
            }
        }
        return masks();
    }

    private void findRuns(int row) {
        int width = size.width();
        int base = row * width;
        int column = 0;
        while (column < width) {
            int start = column;
            int value = raster.applyAsInt(base + column++);
            while (column < width && raster.applyAsInt(base + column) == value) {
                column++;
            }
            if (!isBackground.test(value)) {
                addRun(start, column, value);
            }
        }
    }

    private void addRun(int start, int end, int value) {
        if (runs == starts.length) {
            int capacity = Math.addExact(runs, runs / 2);
            starts = Arrays.copyOf(starts, capacity);
            ends = Arrays.copyOf(ends, capacity);
            values = Arrays.copyOf(values, capacity);
            parents = Arrays.copyOf(parents, capacity);
        }
        starts[runs] = start;
        ends[runs] = end;
        values[runs] = value;
        parents[runs] = runs;
        runs++;
    }

    private void joinWithRowAbove(int row) {
        int above = firstRunOfRow[row - 1];
        int here = firstRunOfRow[row];
        while (above < firstRunOfRow[row] && here < firstRunOfRow[row + 1]) {
            boolean touches = starts[here] < ends[above] + reach && starts[above] < ends[here] + reach;
            if (touches && values[here] == values[above]) {
                join(above, here);
            }
            if (ends[above] < ends[here]) {
                above++;
            } else if (ends[here] < ends[above]) {
                here++;
            } else {
                // Both end here: with corners counted, each may touch the run after the other.
                if (reach > 0) {
                    joinAcrossCorner(above, here, row);
                }
                above++;
                here++;
            }
        }
    }

    private void joinAcrossCorner(int above, int here, int row) {
        if (above + 1 < firstRunOfRow[row] && starts[above + 1] == ends[here] && values[above + 1] == values[here]) {
            join(above + 1, here);
        }
        if (here + 1 < firstRunOfRow[row + 1] && starts[here + 1] == ends[above] && values[here + 1] == values[above]) {
            join(above, here + 1);
        }
    }

    /** The earlier root stays, so that a root is its component's first run in reading order. */
    private void join(int first, int second) {
        int a = root(first);
        int b = root(second);
        parents[Math.max(a, b)] = Math.min(a, b);
    }

    private int root(int run) {
        int at = run;
        while (parents[at] != at) {
            parents[at] = parents[parents[at]];
            at = parents[at];
        }
        return at;
    }

    private List<Component> masks() {
        int[] component = new int[runs];
        List<RunLengthBuilder> builders = new ArrayList<>();
        List<Integer> classes = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            int root = root(run);
            if (root == run) {
                component[run] = builders.size();
                builders.add(new RunLengthBuilder(size, 4));
                classes.add(values[run]);
            } else {
                component[run] = component[root];
            }
        }
        addColumns(component, builders);
        List<Component> components = new ArrayList<>(builders.size());
        for (int i = 0; i < builders.size(); i++) {
            components.add(new Component(classes.get(i), builders.get(i).build()));
        }
        return components;
    }

    /** Turns the row runs into spans of columns, column by column, as masks are ordered. */
    private void addColumns(int[] component, List<RunLengthBuilder> builders) {
        int height = size.height();
        int[] current = Arrays.copyOf(firstRunOfRow, height);
        for (int column = 0; column < size.width(); column++) {
            int open = -1;
            int openRow = 0;
            for (int row = 0; row <= height; row++) {
                int here = row < height ? componentAt(row, column, current, component) : -1;
                if (here != open) {
                    if (open >= 0) {
                        builders.get(open).foreground(column * height + openRow, column * height + row);
                    }
                    open = here;
                    openRow = row;
                }
            }
        }
    }

    private int componentAt(int row, int column, int[] current, int[] component) {
        int run = current[row];
        if (run < firstRunOfRow[row + 1] && ends[run] <= column) {
            current[row] = ++run;
        }
        return run < firstRunOfRow[row + 1] && starts[run] <= column ? component[run] : -1;
    }
}
