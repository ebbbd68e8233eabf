package io.palispark.geometry;

import java.util.BitSet;

/** The reference's own way to rasterise: every grid step of every edge, kept as the oracle of the fast way. */
final class DensePolygonWalk {

    private DensePolygonWalk() {}

    static RunLengthMask rasterize(double[] vertices, ImageSize size) {
        BitSet cuts = new BitSet();
        int points = vertices.length / 2;
        int[] last = null;
        for (int i = 0; i < points; i++) {
            int next = (i + 1) % points;
            int startX = (int) (5 * vertices[2 * i] + 0.5);
            int startY = (int) (5 * vertices[2 * i + 1] + 0.5);
            int endX = (int) (5 * vertices[2 * next] + 0.5);
            int endY = (int) (5 * vertices[2 * next + 1] + 0.5);
            int steps = Math.max(Math.abs(endX - startX), Math.abs(endY - startY));
            for (int step = 0; step <= steps; step++) {
                int[] point = point(startX, startY, endX, endY, step);
                if (last != null) {
                    cutBetween(last, point, size, cuts);
                }
                last = point;
            }
        }
        byte[] bitmap = new byte[(int) size.pixels()];
        boolean inside = false;
        for (int position = 0; position < bitmap.length; position++) {
            inside ^= cuts.get(position);
            int column = position / size.height();
            int row = position % size.height();
            bitmap[row * size.width() + column] = (byte) (inside ? 1 : 0);
        }
        return RunLengthMask.ofBitmap(size, bitmap);
    }

    private static int[] point(int startX, int startY, int endX, int endY, int step) {
        int across = Math.abs(endX - startX);
        int down = Math.abs(endY - startY);
        boolean flat = across >= down;
        boolean swapped = flat ? startX > endX : startY > endY;
        if (swapped) {
            return point(endX, endY, startX, startY, Math.max(across, down) - step);
        }
        return flat
                ? new int[] {startX + step, (int) (startY + (double) (endY - startY) / across * step + 0.5)}
                : new int[] {(int) (startX + (double) (endX - startX) / down * step + 0.5), startY + step};
    }

    private static void cutBetween(int[] from, int[] to, ImageSize size, BitSet cuts) {
        if (from[0] == to[0]) {
            return;
        }
        double column = ((to[0] < from[0] ? to[0] : to[0] - 1) + 0.5) / 5 - 0.5;
        if (column != Math.floor(column) || column < 0 || column > size.width() - 1) {
            return;
        }
        double row = (Math.min(from[1], to[1]) + 0.5) / 5 - 0.5;
        row = Math.ceil(Math.max(0, Math.min(size.height(), row)));
        cuts.flip((int) (column * size.height() + row));
    }
}
