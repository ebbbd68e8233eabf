package io.palispark.geometry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A mask as polygons along the edges of its pixels, in the continuous image frame. {@link PolygonRasterizer} gives the
 * mask back pixel for pixel.
 *
 * <p>One polygon for each group of pixels that hang together by their edges, in reading order of the first pixel; outer
 * borders run clockwise as seen, vertices stand at corners only. As COCO's polygons have no holes, a hole is cut open: a
 * line leads to it from the nearest corner and the same way back, which the even-odd rule does not see.
 */
public final class Contours {

    /** East, south, west, north; per direction the pixels ahead, to the right and to the left, as (row, column). */
    private static final int[] ACROSS = {1, 0, -1, 0};

    private static final int[] DOWN = {0, 1, 0, -1};
    private static final int[][] AHEAD_RIGHT = {{0, 0}, {0, -1}, {-1, -1}, {-1, 0}};
    private static final int[][] AHEAD_LEFT = {{-1, 0}, {0, 0}, {0, -1}, {-1, -1}};

    private final PixelBox block;
    private final byte[] pixels;
    private final boolean[] walked;

    private Contours(RunLengthMask mask) {
        this.block = mask.pixelBounds();
        this.pixels = mask.bitmap(block);
        this.walked = new boolean[pixels.length];
    }

    /** The polygons of a mask; none for an empty one. */
    public static List<Polygon> of(RunLengthMask mask) {
        if (mask.isEmpty()) {
            return List.of();
        }
        PixelBox block = mask.pixelBounds();
        ImageSize size = new ImageSize(block.height(), block.width());
        return ConnectedComponents.of(size, mask.bitmap(block), value -> value == 0, Connectivity.FOUR).stream()
                .map(component -> new Contours(component.mask()).polygon(block.left(), block.top()))
                .toList();
    }

    /** The polygon of pixels that hang together, moved by whole pixels. */
    private Polygon polygon(int right, int down) {
        List<int[]> holes = new ArrayList<>();
        int[] ring = null;
        for (int at = 0; at < pixels.length; at++) {
            if (pixels[at] != 0 && !walked[at] && (at < block.width() || pixels[at - block.width()] == 0)) {
                int[] border = border(at % block.width(), at / block.width());
                // the first pixel in reading order lies on the outer border
                if (ring == null) {
                    ring = border;
                } else {
                    holes.add(border);
                }
            }
        }
        for (int[] hole : holes) {
            ring = opened(ring, hole);
        }
        double[] vertices = new double[ring.length];
        for (int i = 0; i < ring.length; i += 2) {
            vertices[i] = ring[i] + block.left() + right;
            vertices[i + 1] = ring[i + 1] + block.top() + down;
        }
        return new Polygon(vertices);
    }

    /** The corners of a border, pixels on the right hand, from the upper left corner of a pixel with none above it. */
    private int[] border(int startX, int startY) {
        int[] corners = new int[16];
        int length = 0;
        int x = startX;
        int y = startY;
        int direction = 0;
        do {
            if (direction == 0) {
                walked[y * block.width() + x] = true;
            }
            x += ACROSS[direction];
            y += DOWN[direction];
            int turned = turned(x, y, direction);
            if (turned != direction) {
                corners = length == corners.length ? Arrays.copyOf(corners, 2 * length) : corners;
                corners[length++] = x;
                corners[length++] = y;
            }
            direction = turned;
        } while (x != startX || y != startY || direction != 0);
        return Arrays.copyOf(corners, length);
    }

    /** Keeps to one pixel where two touch by their corners only. */
    private int turned(int x, int y, int direction) {
        if (!isSet(x, y, AHEAD_RIGHT[direction])) {
            return (direction + 1) % 4;
        }
        return isSet(x, y, AHEAD_LEFT[direction]) ? (direction + 3) % 4 : direction;
    }

    private boolean isSet(int x, int y, int[] offset) {
        int row = y + offset[0];
        int column = x + offset[1];
        return row >= 0
                && row < block.height()
                && column >= 0
                && column < block.width()
                && pixels[row * block.width() + column] != 0;
    }

    /** One ring: up to the corner nearest to the hole, around the hole, back to that corner and on. */
    private static int[] opened(int[] ring, int[] hole) {
        int from = 0;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ring.length; i += 2) {
            long across = ring[i] - hole[0];
            long down = ring[i + 1] - hole[1];
            long distance = across * across + down * down;
            if (distance < least) {
                least = distance;
                from = i;
            }
        }
        int[] joined = new int[ring.length + hole.length + 4];
        System.arraycopy(ring, 0, joined, 0, from + 2);
        System.arraycopy(hole, 0, joined, from + 2, hole.length);
        int back = from + 2 + hole.length;
        System.arraycopy(hole, 0, joined, back, 2);
        System.arraycopy(ring, from, joined, back + 2, ring.length - from);
        return joined;
    }
}
