package io.palispark.job;

import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.TileGrid;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How large pictures become tiles with rows of their own.
 *
 * @param side of a tile in pixels; 0 leaves every picture whole
 * @param overlap share of a side that neighbouring tiles have in common at least
 * @param leastVisible share of an object from which it belongs to a tile
 * @param whole whether the whole picture is asked about its objects too
 */
record PrepareTiles(int side, double overlap, double leastVisible, Tiling.WholePicture whole) implements Serializable {

    static PrepareTiles read(Settings settings) {
        return new PrepareTiles(
                settings.wholeNumber("tiles.side", 0, 1 << 16),
                settings.number("tiles.overlap", 0, 0.9),
                settings.number("tiles.least-visible", 0, 1),
                settings.flag("tiles.whole-picture") ? Tiling.WholePicture.ASKED : Tiling.WholePicture.LEFT_OUT);
    }

    /** Whether rows name pictures that {@code prepare} writes instead of those that it was given. */
    boolean writesPictures() {
        return side > 0;
    }

    private boolean isLarge(ImageSize picture) {
        return side > 0 && Math.max(picture.height(), picture.width()) > side;
    }

    /**
     * The views of a picture, the whole one first.
     *
     * @param refused classes that the annotations have more objects of than were let in
     */
    List<PictureView> views(AdmittedPicture picture, Set<String> refused) {
        if (!isLarge(picture.size())) {
            return List.of(PictureView.whole(picture, PictureView.Contents.EVERYTHING, refused));
        }
        List<PictureView> views = new ArrayList<>();
        views.add(PictureView.whole(
                picture,
                whole == Tiling.WholePicture.ASKED ? PictureView.Contents.EVERYTHING : PictureView.Contents.TEXTS,
                refused));
        for (PixelBox block : new TileGrid(side, overlap).tiles(picture.size())) {
            views.add(PictureView.tile(picture, block, leastVisible, refused));
        }
        return views;
    }
}
