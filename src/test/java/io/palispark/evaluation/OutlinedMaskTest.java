package io.palispark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.RunLengthMask;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutlinedMaskTest {

    @Test
    void aSquareKeepsAFrameAsWideAsTheBand() {
        byte[] full = new byte[100];
        Arrays.fill(full, (byte) 1);
        RunLengthMask square = RunLengthMask.placed(new ImageSize(40, 60), new PixelBox(5, 7, 15, 17), full);
        assertThat(OutlinedMask.of(square, 2).boundary().area()).isEqualTo(100 - 36);
        assertThat(OutlinedMask.of(square, 5).boundary()).isEqualTo(square);
    }

    @Test
    void theImageBorderIsAnEdge() {
        RunLengthMask all = RunLengthMask.of(new ImageSize(8, 9), 0, 72);
        assertThat(OutlinedMask.of(all, 1).boundary().area()).isEqualTo(72 - 6 * 7);
    }

    @Test
    void theBandIsTwoHundredthsOfTheDiagonalAndAtLeastOnePixel() {
        RunLengthMask large = RunLengthMask.of(new ImageSize(480, 640), 0, 480 * 640);
        assertThat(OutlinedMask.of(large)).isEqualTo(OutlinedMask.of(large, 16));
        RunLengthMask small = RunLengthMask.of(new ImageSize(10, 10), 0, 100);
        assertThat(OutlinedMask.of(small)).isEqualTo(OutlinedMask.of(small, 1));
    }

    @Test
    void everyBoundaryPixelIsNearAnOutsidePixelAndNoOtherIs() {
        Random random = new Random(11);
        for (int round = 0; round < 30; round++) {
            ImageSize size = new ImageSize(5 + random.nextInt(20), 5 + random.nextInt(20));
            byte[] bitmap = new byte[(int) size.pixels()];
            for (int pixel = 0; pixel < bitmap.length; pixel++) {
                bitmap[pixel] = (byte) (random.nextInt(30) == 0 ? 0 : 1);
            }
            int width = 1 + random.nextInt(3);
            byte[] boundary = OutlinedMask.of(RunLengthMask.ofBitmap(size, bitmap), width)
                    .boundary()
                    .bitmap();
            assertThat(boundary).isEqualTo(nearEdge(bitmap, size, width));
        }
    }

    @Test
    void aWrongOutlineCostsMoreThanItsPixelsButNotWithinACrowd() {
        ImageSize size = new ImageSize(100, 100);
        OutlinedMask truth = OutlinedMask.of(RunLengthMask.of(size, 0, 6000, 4000));
        OutlinedMask shifted = OutlinedMask.of(RunLengthMask.of(size, 0, 5500, 4500));
        double overlap = Overlap.ofBoundaries().between(shifted, Truth.object(truth, 6000));
        assertThat(overlap).isEqualTo(shifted.boundary().iou(truth.boundary()));
        assertThat(overlap).isLessThan(shifted.mask().iou(truth.mask()));
        assertThat(Overlap.ofBoundaries().between(shifted, Truth.crowd(truth, 6000)))
                .isEqualTo(1);
    }

    @Test
    void anEmptyMaskHasNoBoundaryAndABandOfNothingIsRefused() {
        RunLengthMask empty = RunLengthMask.empty(new ImageSize(4, 4));
        assertThat(OutlinedMask.of(empty).boundary().isEmpty()).isTrue();
        assertThatThrownBy(() -> OutlinedMask.of(empty, 0)).hasMessageContaining("at least 1");
    }

    private static byte[] nearEdge(byte[] bitmap, ImageSize size, int width) {
        byte[] near = new byte[bitmap.length];
        for (int row = 0; row < size.height(); row++) {
            for (int column = 0; column < size.width(); column++) {
                for (int y = row - width; y <= row + width; y++) {
                    for (int x = column - width; x <= column + width; x++) {
                        boolean inside = y >= 0 && x >= 0 && y < size.height() && x < size.width();
                        if (bitmap[row * size.width() + column] != 0
                                && (!inside || bitmap[y * size.width() + x] == 0)) {
                            near[row * size.width() + column] = 1;
                        }
                    }
                }
            }
        }
        return near;
    }
}
