package io.palispark.job;

import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.TileGrid;
import io.palispark.token.PromptClasses;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * How large pictures are asked about.
 *
 * @param side of a tile in pixels; 0 leaves every picture whole
 * @param overlap share of a side that neighbouring tiles have in common at least
 * @param whole whether the whole picture is asked about too
 * @param agreement least overlap, where both tiles see them, of objects that are one
 */
record Tiling(int side, double overlap, WholePicture whole, double agreement) implements Serializable {

    /** Whether objects may also come from one look at everything. */
    enum WholePicture {
        ASKED,
        LEFT_OUT
    }

    static Tiling read(Settings settings) {
        return new Tiling(
                settings.wholeNumber("tiles.side", 0, 1 << 16),
                settings.number("tiles.overlap", 0, 0.9),
                settings.flag("tiles.whole-picture") ? WholePicture.ASKED : WholePicture.LEFT_OUT,
                readAgreement(settings));
    }

    static double readAgreement(Settings settings) {
        return settings.number("tiles.agreement", 0, 1);
    }

    /** The blocks that a prompt is asked about; the picture alone where it is small or the prompt lists no objects. */
    List<PixelBox> blocks(ImageSize picture, String prefix) {
        PixelBox everything = new PixelBox(0, 0, picture.height(), picture.width());
        boolean isLarge = side > 0 && Math.max(picture.height(), picture.width()) > side;
        if (!isLarge || PromptClasses.parse(prefix).isEmpty()) {
            return List.of(everything);
        }
        List<PixelBox> blocks = new ArrayList<>(new TileGrid(side, overlap).tiles(picture));
        if (whole == WholePicture.ASKED) {
            blocks.add(everything);
        }
        return blocks;
    }
}
