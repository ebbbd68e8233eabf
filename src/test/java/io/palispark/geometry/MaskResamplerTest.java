package io.palispark.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palispark.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MaskResamplerTest {

    private static final int PIXELS = MaskResampler.SIDE * MaskResampler.SIDE;

    @Test
    void softMasksHaveTheBitsOfTensorFlow() throws IOException {
        try (var npz = getClass().getResourceAsStream("/geometry/resize.npz")) {
            check(ResizeGoldens.read(npz), 14, 13);
        }
    }

    @Test
    void allSixtyResizeGoldensHaveTheBitsOfTensorFlow() throws IOException {
        try (var npz = Files.newInputStream(SharedFolder.require("fixtures/codec/resize.npz"))) {
            check(ResizeGoldens.read(npz), 60, 40);
        }
    }

    private static void check(List<ResizeGoldens.Case> goldens, int expected, int expectedMasks) {
        int masks = 0;
        for (ResizeGoldens.Case golden : goldens) {
            assertThat(PaintedResampler.softMask(golden.block(), golden.height(), golden.width()))
                    .as("painted, %s", golden.name())
                    .isEqualTo(golden.soft());
            if (golden.isMask()) {
                masks++;
                ImageSize size = new ImageSize(golden.height(), golden.width());
                RunLengthMask mask = RunLengthMask.ofBitmap(size, golden.block());
                assertThat(MaskResampler.softMask(mask, new PixelBox(0, 0, size.height(), size.width())))
                        .as("runs, %s", golden.name())
                        .isEqualTo(golden.soft());
            }
        }
        assertThat(goldens).hasSize(expected);
        assertThat(masks).isGreaterThanOrEqualTo(expectedMasks);
    }

    @Test
    void resamplingRunsIsResamplingThePaintedBlock() {
        Random random = new Random(21);
        for (int i = 0; i < Integer.getInteger("fuzz.count", 300); i++) {
            ImageSize size = new ImageSize(1 + random.nextInt(300), 1 + random.nextInt(300));
            RunLengthMask mask = RandomMasks.next(random, size);
            PixelBox crop = RandomMasks.crop(random, size);
            byte[] block = mask.bitmap(crop);
            for (int p = 0; p < block.length; p++) {
                block[p] *= -1;
            }
            assertThat(MaskResampler.softMask(mask, crop))
                    .as("%s of %s", crop, size)
                    .isEqualTo(PaintedResampler.softMask(block, crop.height(), crop.width()));
        }
    }

    @Test
    void aBatchIsWrittenAtItsOffset() {
        RunLengthMask mask = RunLengthMask.of(new ImageSize(90, 70), 1000, 50, 5250);
        PixelBox crop = new PixelBox(3, 5, 80, 60);
        float[] batch = new float[3 * PIXELS];
        Arrays.fill(batch, -1);

        MaskResampler.softMask(mask, crop, batch, PIXELS);

        assertThat(Arrays.copyOfRange(batch, PIXELS, 2 * PIXELS)).isEqualTo(MaskResampler.softMask(mask, crop));
        assertThat(Arrays.copyOf(batch, PIXELS)).containsOnly(-1f);
        assertThat(Arrays.copyOfRange(batch, 2 * PIXELS, 3 * PIXELS)).containsOnly(-1f);
    }

    @Test
    void aBlockBeyondTheImageIsRefused() {
        RunLengthMask mask = RunLengthMask.empty(new ImageSize(10, 10));

        assertThatThrownBy(() -> MaskResampler.softMask(mask, new PixelBox(0, 0, 11, 10)))
                .hasMessageStartingWith("Cannot resample PixelBox[top=0, left=0, bottom=11, right=10] of a 10x10 mask");
        assertThatThrownBy(() -> MaskResampler.softMask(mask, new PixelBox(4, 4, 4, 8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBillionPixelBlockIsResampledFromItsRuns() {
        ImageSize size = new ImageSize(40_000, 50_000);
        RunLengthMask mask = PolygonRasterizer.rasterize(new Box(10_000, 10_000, 20_000, 20_000), size);

        float[] soft = MaskResampler.softMask(mask, new PixelBox(5_000, 5_000, 35_000, 35_000));

        assertThat(soft[0]).isZero();
        assertThat(soft[32 * MaskResampler.SIDE + 32]).isBetween(0.9999f, 1.0001f);
    }
}
