package io.palispark.vqvae;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.SharedFolder;
import io.palispark.tensor.NpzFile;
import io.palispark.token.SegmentationCodes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MaskDecoderTest {

    private static final double TOLERANCE = 1e-5;

    @Test
    void masksEqualTheOfficialDecoder() throws IOException {
        NpzFile goldens = NpzFile.read(SharedFolder.require("fixtures/codec/decode.npz"));
        float[] expected = goldens.tensor("mask").floats();
        List<SegmentationCodes> codes = codes(goldens);

        List<float[]> masks = MaskCodec.standIn().decoder().decode(codes);

        assertThat(masks).hasSize(500);
        double worst = 0;
        int flipped = 0;
        for (int i = 0; i < expected.length; i++) {
            float actual = masks.get(i / MaskEncoder.MASK)[i % MaskEncoder.MASK];
            worst = Math.max(worst, Math.abs(actual - expected[i]));
            if (Math.abs(expected[i]) > TOLERANCE && actual > 0 != expected[i] > 0) {
                flipped++;
            }
        }
        assertThat(worst).isLessThanOrEqualTo(TOLERANCE);
        assertThat(flipped).isZero();
    }

    @Test
    void manyThreadsGetWhatOneGets() {
        List<SegmentationCodes> codes = IntStream.range(0, 100)
                .mapToObj(i -> SegmentationCodes.of(IntStream.range(0, SegmentationCodes.COUNT)
                        .map(cell -> (7 * i + 11 * cell) % 128)
                        .toArray()))
                .toList();
        MaskDecoder decoder = MaskCodec.standIn().decoder();
        List<float[]> alone = decoder.decode(codes);
        assertThat(IntStream.range(0, 32)
                        .parallel()
                        .mapToObj(i -> decoder.decode(codes.subList(i, i + 40)).get(0))
                        .toList())
                .usingElementComparator((a, b) ->
                        IntStream.range(0, a.length).allMatch(i -> Math.abs(a[i] - b[i]) < 1e-5) ? 0 : 1)
                .containsExactlyElementsOf(alone.subList(0, 32));
    }

    private static List<SegmentationCodes> codes(NpzFile goldens) throws IOException {
        long[] all = goldens.tensor("codes").longs();
        List<SegmentationCodes> codes = new ArrayList<>();
        for (int i = 0; i < all.length; i += SegmentationCodes.COUNT) {
            int start = i;
            codes.add(SegmentationCodes.of(IntStream.range(0, SegmentationCodes.COUNT)
                    .map(cell -> (int) all[start + cell])
                    .toArray()));
        }
        return codes;
    }
}
