package io.palispark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.RunLengthMask;
import io.palispark.token.BoxQuantizer;
import io.palispark.token.Convention;
import io.palispark.token.LocationBins;
import io.palispark.token.NormalizedBox;
import io.palispark.vqvae.MaskPaster;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReferringGoldenTest {

    private static final int FIRST_LOCATION = 256000;
    private static final int FIRST_SEGMENT = 257024;

    @Test
    void everyCaseAndTheSetScoreAsBigVision() {
        ReferringScore score = ReferringScore.NONE;
        for (JsonNode row : Goldens.lines("refseg/cases.jsonl.gz")) {
            ReferringMatch match = match(row);
            assertThat(match.outcome() == ReferringMatch.Outcome.MASK)
                    .as("case %s", row.get("id"))
                    .isEqualTo(!row.get("invalid").asBoolean());
            assertThat(match.boxOverlap()).isCloseTo(row.get("box_iou").asDouble(), within(1e-12));
            assertThat(match.intersection()).isEqualTo(row.get("intersection").asLong());
            assertThat(match.overlap()).isCloseTo(row.get("iou").asDouble(), within(1e-12));
            score = score.plus(match);
        }
        assertSet(Goldens.json("refseg/expected.json"), score);
    }

    private static void assertSet(JsonNode expected, ReferringScore score) {
        Map<String, Double> metrics = score.metrics().stream()
                .collect(Collectors.toMap(Metric::name, metric -> metric.value().orElseThrow()));
        for (String name : List.of("miou", "boxacc/0.5", "boxacc/0.75")) {
            assertThat(metrics.get(name)).as(name).isCloseTo(expected.get(name).asDouble(), within(1e-12));
        }
        JsonNode also = expected.get("also");
        assertThat(metrics.get("oiou")).isCloseTo(also.get("cumulative_iou").asDouble(), within(1e-12));
        for (double threshold : ReferringScore.MASK_THRESHOLDS) {
            String name = "P@" + threshold;
            assertThat(metrics.get(name)).as(name).isCloseTo(also.get(name).asDouble(), within(1e-12));
        }
        assertThat(score.invalid()).isEqualTo(expected.get("invalid").asLong());
        assertThat(score.total()).isEqualTo(expected.get("total").asLong());
    }

    private static ReferringMatch match(JsonNode row) {
        ImageSize size = new ImageSize(row.get("h").asInt(), row.get("w").asInt());
        RunLengthMask truth = RunLengthMask.parse(size, row.get("gt_mask").asText());
        if (!row.get("valid_tokens").asBoolean()) {
            return ReferringMatch.invalid(truth);
        }
        List<JsonNode> ids = CocoCase.list(row.get("ids"));
        assertThat(ids.subList(4, 20)).allMatch(id -> id.asInt() >= FIRST_SEGMENT);
        LocationBins bins = new LocationBins(bin(ids, 0), bin(ids, 1), bin(ids, 2), bin(ids, 3));
        JsonNode box = row.get("gt_box");
        NormalizedBox truthBox = new NormalizedBox(
                (float) box.get(0).asDouble(),
                (float) box.get(1).asDouble(),
                (float) box.get(2).asDouble(),
                (float) box.get(3).asDouble());
        PixelBox paste = new BoxQuantizer(Convention.BIG_VISION).pasteBox(bins, size);
        return paste.isEmpty()
                ? ReferringMatch.collapsed(bins, truthBox, truth)
                : ReferringMatch.of(bins, MaskPaster.paste(decoded(row), paste, size), truthBox, truth);
    }

    private static int bin(List<JsonNode> ids, int index) {
        return ids.get(index).asInt() - FIRST_LOCATION;
    }

    private static float[] decoded(JsonNode row) {
        byte[] bytes = Base64.getDecoder().decode(row.get("mask64").asText());
        float[] decoded = new float[bytes.length];
        for (int pixel = 0; pixel < bytes.length; pixel++) {
            decoded[pixel] = bytes[pixel] / 64f;
        }
        return decoded;
    }
}
