package io.palispark.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OrientationTest {

    private static final ImageSize STORED = new ImageSize(20, 30);

    /** Pixel (x=4, y=2) of a stored picture 30 wide and 20 high. */
    @ParameterizedTest
    @CsvSource({"1, 4, 2", "2, 25, 2", "3, 25, 17", "4, 4, 17", "5, 2, 4", "6, 17, 4", "7, 17, 25", "8, 2, 25"})
    void aStoredPixelGoesWhereTheTagSays(int exif, int x, int y) {
        Orientation orientation = Orientation.ofExif(exif);
        RunLengthMask pixel = RunLengthMask.of(STORED, 4 * 20 + 2, 1, 600 - 4 * 20 - 3);

        assertThat(orientation.exifValue()).isEqualTo(exif);
        assertThat(orientation.apply(pixel).bounds()).isEqualTo(new Box(x, y, 1, 1));
        assertThat(orientation.apply(pixel).size()).isEqualTo(orientation.apply(STORED));
        assertThat(orientation.apply(new Box(4, 2, 1, 1), STORED)).isEqualTo(new Box(x, y, 1, 1));
        assertThat(orientation.apply(new PixelBox(2, 4, 3, 5), STORED)).isEqualTo(new PixelBox(y, x, y + 1, x + 1));
    }

    @ParameterizedTest
    @CsvSource({"1, 20x30", "2, 20x30", "3, 20x30", "4, 20x30", "5, 30x20", "6, 30x20", "7, 30x20", "8, 30x20"})
    void aQuarterTurnSwapsTheSides(int exif, String upright) {
        assertThat(Orientation.ofExif(exif).apply(STORED)).hasToString(upright);
        assertThat(Orientation.ofExif(exif).swapsSides()).isEqualTo(exif >= 5);
    }

    @ParameterizedTest
    @CsvSource({"0", "9", "-1", "65535"})
    void anUnknownTagMeansUpright(int exif) {
        assertThat(Orientation.ofExif(exif)).isEqualTo(Orientation.UPRIGHT);
    }

    @ParameterizedTest
    @EnumSource
    void masksTurnPixelByPixelAndTheInverseTurnsThemBack(Orientation orientation) {
        Random random = new Random(31);
        for (int i = 0; i < Integer.getInteger("fuzz.count", 200); i++) {
            RunLengthMask stored = RandomMasks.next(random);

            RunLengthMask upright = orientation.apply(stored);

            assertThat(upright).isEqualTo(turnedPixelByPixel(orientation, stored));
            assertThat(orientation.inverse().apply(upright)).isEqualTo(stored);
            assertThat(upright.pixelBounds())
                    .isEqualTo(
                            stored.isEmpty()
                                    ? new PixelBox(0, 0, 0, 0)
                                    : orientation.apply(stored.pixelBounds(), stored.size()));
        }
    }

    private static RunLengthMask turnedPixelByPixel(Orientation orientation, RunLengthMask stored) {
        ImageSize upright = orientation.apply(stored.size());
        byte[] pixels = stored.bitmap();
        byte[] turned = new byte[pixels.length];
        for (int row = 0; row < stored.size().height(); row++) {
            for (int column = 0; column < stored.size().width(); column++) {
                PixelBox to = orientation.apply(new PixelBox(row, column, row + 1, column + 1), stored.size());
                turned[to.top() * upright.width() + to.left()] =
                        pixels[row * stored.size().width() + column];
            }
        }
        return RunLengthMask.ofBitmap(upright, turned);
    }

    @ParameterizedTest
    @EnumSource
    void boxesAndPolygonsTurnTogether(Orientation orientation) {
        Polygon ring = new Polygon(new double[] {2, 3, 11.5, 3, 11.5, 7.25, 2, 7.25});
        PolygonRegion region = new PolygonRegion(List.of(ring));
        ImageSize upright = orientation.apply(STORED);

        Polygon turned = orientation.apply(ring, STORED);

        assertThat(turned.bounds()).isEqualTo(orientation.apply(ring.bounds(), STORED));
        assertThat(orientation.apply(region, STORED)).isEqualTo(new PolygonRegion(List.of(turned)));
        assertThat(orientation.inverse().apply(turned, upright)).isEqualTo(ring);
        assertThat(orientation.inverse().apply(turned.bounds(), upright)).isEqualTo(ring.bounds());
    }

    @Test
    void aMaskOfAnotherPictureIsNotTurned() {
        assertThatThrownBy(
                        () -> Orientation.TRANSPOSED.apply((Region) RunLengthMask.empty(new ImageSize(3, 4)), STORED))
                .hasMessage("Cannot turn a 3x4 mask with a 20x30 picture: the sizes must be equal");
    }
}
