package io.palispark.vqvae;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.geometry.MaskResampler;
import io.palispark.geometry.PixelBox;
import io.palispark.token.BoxQuantizer;
import io.palispark.token.Convention;
import io.palispark.token.NormalizedBox;
import io.palispark.token.SegmentationCodes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MaskEncoderTest {

    /** Below this the two nearest codes are a tie, see the goldens' README. */
    private static final double TIE = 0.01;

    private static final BoxQuantizer QUANTIZER = new BoxQuantizer(Convention.BIG_VISION);

    @Test
    void everyOfficialStringIsEqualBesidesTiesAndBoxesBeyondTheImage() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        List<float[]> softMasks = new ArrayList<>();
        int failing = 0;
        for (JsonNode line : CodecGoldens.lines("encode.jsonl.gz")) {
            PixelBox crop = QUANTIZER.cropBox(box(line), CodecGoldens.size(line));
            if (line.get("crop").isNull()) {
                failing += crop.isEmpty() ? 1 : 0;
                assertThat(crop.isEmpty() || isBeyondTheImage(line))
                        .as(line.get("id").asText())
                        .isTrue();
            } else if (crop.equals(CodecGoldens.pixelBox(line.get("crop")))) {
                lines.add(line);
                softMasks.add(MaskResampler.softMask(CodecGoldens.mask(line.get("mask")), crop));
            } else {
                assertThat(isBeyondTheImage(line)).as(line.get("id").asText()).isTrue();
            }
        }
        List<SegmentationCodes> codes = MaskCodec.standIn().encoder().encode(softMasks);

        int ties = 0;
        for (int i = 0; i < lines.size(); i++) {
            JsonNode line = lines.get(i);
            String suffix = QUANTIZER.bins(box(line)).text() + codes.get(i).text();
            if (!suffix.equals(line.get("suffix").asText())) {
                assertThat(isTie(line, codes.get(i)))
                        .as(line.get("id").asText())
                        .isTrue();
                ties++;
            }
        }
        assertThat(failing).isEqualTo(19);
        assertThat(lines.size()).isGreaterThan(900);
        assertThat(ties).isZero();
    }

    @Test
    void theNearestNeighbourOfACellIsItsCode() {
        float[] mask = new float[MaskEncoder.MASK];
        Arrays.fill(mask, 100, 3000, 0.75f);
        MaskEncoder.Encoding encoding =
                MaskCodec.standIn().encoder().encodeWithDistances(List.of(mask)).get(0);
        for (int cell = 0; cell < SegmentationCodes.COUNT; cell++) {
            int[] nearest = encoding.nearest(cell, 128);
            assertThat(nearest[0]).isEqualTo(encoding.codes().code(cell));
            int row = cell * 128;
            assertThat(IntStream.range(1, 128)
                            .allMatch(i -> encoding.distances()[row + nearest[i - 1]]
                                    <= encoding.distances()[row + nearest[i]]))
                    .isTrue();
            assertThat(encoding.nearest(cell, 4)).containsExactly(Arrays.copyOf(nearest, 4));
        }
    }

    private static NormalizedBox box(JsonNode line) {
        JsonNode box = line.get("bbox");
        return new NormalizedBox(
                (float) box.get(0).asDouble(), (float) box.get(1).asDouble(),
                (float) box.get(2).asDouble(), (float) box.get(3).asDouble());
    }

    /** Where the official operation lets a negative start count from the far side and ours cuts at the image. */
    private static boolean isBeyondTheImage(JsonNode line) {
        PixelBox rounded = box(line).rounded(CodecGoldens.size(line));
        return rounded.top() < 0 || rounded.left() < 0;
    }

    private static boolean isTie(JsonNode line, SegmentationCodes codes) {
        for (int cell = 0; cell < SegmentationCodes.COUNT; cell++) {
            int official = line.get("codes").get(cell).asInt();
            boolean same = codes.code(cell) == official;
            boolean tied = line.get("margin").get(cell).asDouble() < TIE
                    && codes.code(cell) == line.get("second").get(cell).asInt();
            if (!same && !tied) {
                return false;
            }
        }
        return true;
    }
}
