package io.palispark.geometry;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Overlapping squares that cover a picture, spread evenly.
 *
 * @param side of a square in pixels
 * @param overlap least share of a side that neighbours have in common, 0 to below 1
 */
public record TileGrid(int side, double overlap) implements Serializable {

    public TileGrid {
        if (side < 1 || !(overlap >= 0 && overlap < 1)) {
            throw new IllegalArgumentException("Cannot cut tiles of " + side + " pixels with an overlap of " + overlap
                    + ": a side above 0 and an overlap of 0 to below 1 are needed");
        }
    }

    /** Row by row; one tile, the whole, for a picture that is not larger than a tile. */
    public List<PixelBox> tiles(ImageSize picture) {
        List<PixelBox> tiles = new ArrayList<>();
        for (int top : starts(picture.height())) {
            for (int left : starts(picture.width())) {
                tiles.add(new PixelBox(top, left, top + side, left + side).clippedTo(picture));
            }
        }
        return tiles;
    }

    private int[] starts(int length) {
        int rest = Math.max(0, length - side);
        int step = Math.max(1, (int) Math.floor(side * (1 - overlap)));
        int last = (rest + step - 1) / step;
        int[] starts = new int[last + 1];
        for (int i = 1; i <= last; i++) {
            starts[i] = (int) Math.round((double) i * rest / last);
        }
        return starts;
    }
}
