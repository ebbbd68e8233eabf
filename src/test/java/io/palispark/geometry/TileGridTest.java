package io.palispark.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TileGridTest {

    @Test
    void aSmallPictureIsOneTile() {
        assertThat(new TileGrid(512, 0.25).tiles(new ImageSize(300, 512)))
                .containsExactly(new PixelBox(0, 0, 300, 512));
    }

    @Test
    void tilesCoverEveryPixelAndOverlapAsAskedFor() {
        for (int length = 1; length < 3000; length += 7) {
            List<PixelBox> tiles = new TileGrid(512, 0.25).tiles(new ImageSize(1, length));
            assertThat(tiles.get(0).left()).isZero();
            assertThat(tiles.get(tiles.size() - 1).right()).isEqualTo(length);
            for (int i = 1; i < tiles.size(); i++) {
                assertThat(tiles.get(i - 1).right() - tiles.get(i).left()).isGreaterThanOrEqualTo(127);
                assertThat(tiles.get(i).width()).isEqualTo(512);
            }
        }
    }

    @Test
    void anObjectSmallerThanTheOverlapIsWholeOnOneTile() {
        ImageSize picture = new ImageSize(1, 2000);
        List<PixelBox> tiles = new TileGrid(500, 0.2).tiles(picture);
        for (int left = 0; left + 98 <= 2000; left++) {
            int from = left;
            assertThat(tiles).anyMatch(tile -> tile.left() <= from && from + 98 <= tile.right());
        }
    }
}
