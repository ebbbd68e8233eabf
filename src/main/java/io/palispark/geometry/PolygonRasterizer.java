package io.palispark.geometry;

import java.util.List;

/**
 * Polygons to masks, pixel for pixel as pycocotools does it ({@code common/maskApi.c}, rleFrPoly and rleMerge).
 *
 * <p>There every edge is walked densely on a grid five times finer than the pixels, and column n is cut where the walk
 * steps between the grid columns 5n+2 and 5n+3. Here only those steps are visited: an edge costs one evaluation per
 * image column that it crosses, however long it is, by the same double arithmetic. Each cut toggles the pixels from its
 * position on, so the cuts that remain after pairs at one position cancel are the run borders.
 *
 * <p>Time is linear in vertices plus cuts (sorted); memory in distinct cuts. A cut counts in the column where the edge
 * is, in the whole image's frame: never shift a polygon before rasterising it, rounding differs.
 */
public final class PolygonRasterizer {

    /**
     * Largest absolute coordinate that is taken as it is; vertices beyond are moved here, so that the grid arithmetic
     * stays exact. Readers should reject or report such coordinates.
     */
    public static final double MAX_COORDINATE = 1_000_000;

    private static final int GRID = 5;

    private final ImageSize size;
    private final RunBorders borders;

    private PolygonRasterizer(ImageSize size, int expectedCuts) {
        this.size = size;
        this.borders = new RunBorders(size, expectedCuts);
    }

    /** The union of the parts, each filled even-odd. */
    public static RunLengthMask rasterize(PolygonRegion region, ImageSize size) {
        List<RunLengthMask> parts =
                region.parts().stream().map(polygon -> rasterize(polygon, size)).toList();
        return RunLengthMask.union(parts);
    }

    /** The inside of one ring by the even-odd rule. */
    public static RunLengthMask rasterize(Polygon polygon, ImageSize size) {
        return rasterize(polygon.vertices(), size);
    }

    /** The pixels of a box, as pycocotools takes its four corners for a polygon. */
    public static RunLengthMask rasterize(Box box, ImageSize size) {
        double[] corners = {box.x(), box.y(), box.x(), box.bottom(), box.right(), box.bottom(), box.right(), box.y()};
        return rasterize(corners, size);
    }

    private static RunLengthMask rasterize(double[] vertices, ImageSize size) {
        int points = vertices.length / 2;
        PolygonRasterizer cutter = new PolygonRasterizer(size, 64 + 2 * Math.min(points, size.width()));
        int x = gridCoordinate(vertices[2 * points - 2]);
        int y = gridCoordinate(vertices[2 * points - 1]);
        for (int i = 0; i < points; i++) {
            int nextX = gridCoordinate(vertices[2 * i]);
            int nextY = gridCoordinate(vertices[2 * i + 1]);
            cutter.addEdge(x, y, nextX, nextY);
            x = nextX;
            y = nextY;
        }
        return cutter.borders.mask();
    }

    /** Rounds towards zero after adding a half, also below zero. */
    private static int gridCoordinate(double coordinate) {
        return (int) (GRID * Math.max(-MAX_COORDINATE, Math.min(MAX_COORDINATE, coordinate)) + 0.5);
    }

    private void addEdge(int startX, int startY, int endX, int endY) {
        int firstColumn = Math.max(0, Math.floorDiv(Math.min(startX, endX) + 2, GRID));
        int lastColumn = Math.min(size.width() - 1, Math.floorDiv(Math.max(startX, endX) - 3, GRID));
        if (firstColumn > lastColumn) {
            return;
        }
        int across = Math.abs(endX - startX);
        int down = Math.abs(endY - startY);
        if (across >= down) {
            if (startX < endX) {
                cutFlat(firstColumn, lastColumn, startX, startY, (double) (endY - startY) / across);
            } else {
                cutFlat(firstColumn, lastColumn, endX, endY, (double) (startY - endY) / across);
            }
        } else {
            if (startY < endY) {
                cutSteep(firstColumn, lastColumn, startX, startY, (double) (endX - startX) / down);
            } else {
                cutSteep(firstColumn, lastColumn, endX, endY, (double) (startX - endX) / down);
            }
        }
    }

    /** Edges that advance in x by one grid step at a time, from the left end. */
    private void cutFlat(int firstColumn, int lastColumn, int startX, int startY, double slope) {
        for (int column = firstColumn; column <= lastColumn; column++) {
            int step = GRID * column + 2 - startX;
            int before = (int) (startY + slope * step + 0.5);
            int after = (int) (startY + slope * (step + 1) + 0.5);
            cut(column, Math.min(before, after));
        }
    }

    /** Edges that advance in y by one grid step at a time, from the upper end; x moves by at most one per step. */
    private void cutSteep(int firstColumn, int lastColumn, int startX, int startY, double slope) {
        for (int column = firstColumn; column <= lastColumn; column++) {
            int threshold = GRID * column + 3;
            int step = (int) ((threshold - 0.5 - startX) / slope);
            // The estimate is off by a step at most; the walk's own rounding decides.
            while (isBefore(startX + slope * step + 0.5, threshold, slope)) {
                step++;
            }
            while (!isBefore(startX + slope * (step - 1) + 0.5, threshold, slope)) {
                step--;
            }
            cut(column, startY + step - 1);
        }
    }

    private static boolean isBefore(double x, int threshold, double slope) {
        return slope > 0 ? x < threshold : x >= threshold;
    }

    /** Pixels from the first whose centre line lies below the grid row are toggled. */
    private void cut(int column, int gridRow) {
        int row = gridRow < 0 ? 0 : Math.min(size.height(), (gridRow + 2) / GRID);
        borders.toggle(column * size.height() + row);
    }
}
