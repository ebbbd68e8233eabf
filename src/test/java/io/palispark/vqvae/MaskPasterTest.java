package io.palispark.vqvae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.RunLengthMask;
import io.palispark.token.BoxQuantizer;
import io.palispark.token.Convention;
import io.palispark.token.LocationBins;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaskPasterTest {

    @Test
    void everyOfficialPasteIsEqual() throws IOException {
        BoxQuantizer quantizer = new BoxQuantizer(Convention.BIG_VISION);
        List<JsonNode> lines = new ArrayList<>();
        for (JsonNode line : CodecGoldens.lines("paste.jsonl.gz")) {
            if (!line.get("mask").isNull()) {
                lines.add(line);
            }
        }
        List<float[]> decoded = MaskCodec.standIn()
                .decoder()
                .decode(lines.stream()
                        .map(line -> CodecGoldens.codes(line.get("codes")))
                        .toList());
        for (int i = 0; i < lines.size(); i++) {
            JsonNode line = lines.get(i);
            ImageSize image = CodecGoldens.size(line);
            int[] loc = CodecGoldens.integers(line.get("loc"));
            PixelBox box = quantizer.pasteBox(new LocationBins(loc[0], loc[1], loc[2], loc[3]), image);
            assertThat(box).isEqualTo(CodecGoldens.pixelBox(line.get("pixel_box")));
            RunLengthMask pasted = MaskPaster.paste(decoded.get(i), box, image);
            assertThat(pasted).as(line.get("id").asText()).isEqualTo(CodecGoldens.mask(line.get("mask")));
            assertThat(pasted.iou(CodecGoldens.mask(line.get("truth"))))
                    .as(line.get("id").asText())
                    .isCloseTo(line.get("iou").asDouble(), within(1e-12));
        }
        assertThat(lines).hasSize(285);
    }

    @Test
    void anEmptyBoxPastesNothing() {
        float[] full = new float[MaskEncoder.MASK];
        Arrays.fill(full, 1);
        ImageSize image = new ImageSize(10, 10);
        assertThat(MaskPaster.paste(full, new PixelBox(4, 4, 4, 9), image).isEmpty())
                .isTrue();
        assertThat(MaskPaster.paste(full, new PixelBox(2, 3, 5, 9), image).pixelBounds())
                .isEqualTo(new PixelBox(2, 3, 5, 9));
    }
}
