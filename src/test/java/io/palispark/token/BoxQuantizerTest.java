package io.palispark.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BoxQuantizerTest {

    private static final BoxQuantizer OFFICIAL = new BoxQuantizer(Convention.BIG_VISION);

    @Test
    void binsAndCropsEqualTheOfficialOperation() {
        List<JsonNode> records = GoldenLines.subset("encode-boxes.jsonl");
        assertThat(encodeMatches(records)).isEqualTo(records.size());
    }

    @Test
    void binsAndCropsEqualTheOfficialOperationOnAllGoldens() {
        List<JsonNode> records = GoldenLines.shared("fixtures/codec/encode.jsonl.gz");
        assertThat(encodeMatches(records)).isEqualTo(1000);
    }

    @Test
    void pasteBoxesEqualTheOfficialEvaluator() {
        assertThat(pasteMatches(GoldenLines.subset("paste-boxes.jsonl"))).isGreaterThan(30);
    }

    @Test
    void pasteBoxesEqualTheOfficialEvaluatorOnAllGoldens() {
        assertThat(pasteMatches(GoldenLines.shared("fixtures/codec/paste.jsonl.gz")))
                .isGreaterThan(285);
    }

    @Test
    void whatLiesBeyondTheImageIsCutOffBeforeTheCrop() {
        ImageSize image = new ImageSize(100, 200);
        assertThat(OFFICIAL.cropBox(new Box(-30, -10, 50, 30), image)).isEqualTo(new PixelBox(0, 0, 20, 20));
        assertThat(OFFICIAL.cropBox(new Box(190, 90, 50, 30), image)).isEqualTo(new PixelBox(90, 190, 100, 200));
        assertThat(OFFICIAL.cropBox(new Box(-30, 10, 20, 30), image).isEmpty()).isTrue();
        assertThat(OFFICIAL.bins(new Box(-30, -10, 500, 300), image)).isEqualTo(new LocationBins(0, 0, 1023, 1023));
    }

    @Test
    void theFarEdgeNeverLeavesTheVocabulary() {
        ImageSize image = new ImageSize(640, 480);
        for (Convention.Bins bins : Convention.Bins.values()) {
            for (Convention.Rounding rounding : Convention.Rounding.values()) {
                BoxQuantizer quantizer = quantizer(Map.of("bins", bins.key(), "rounding", rounding.key()));
                assertThat(quantizer.bins(new Box(0, 0, 480, 640), image))
                        .as("%s %s", bins.key(), rounding.key())
                        .isEqualTo(new LocationBins(0, 0, 1023, 1023));
            }
        }
    }

    @Test
    void eachRoundingTreatsTheTieInItsOwnWay() {
        ImageSize image = new ImageSize(1024, 1024);
        Box tie = new Box(0.5, 1.5, 10, 10);
        assertThat(quantizer(Map.of("bins", "1024", "rounding", "half-even-float32"))
                        .bins(tie, image))
                .isEqualTo(new LocationBins(2, 0, 12, 10));
        assertThat(quantizer(Map.of("bins", "1024", "rounding", "half-up")).bins(tie, image))
                .isEqualTo(new LocationBins(2, 1, 12, 11));
        assertThat(quantizer(Map.of("bins", "1024", "rounding", "floor")).bins(tie, image))
                .isEqualTo(new LocationBins(1, 0, 11, 10));
    }

    @Test
    void theDivisorsDecodeToTheBoxesOfTheirTools() {
        ImageSize image = new ImageSize(1000, 1000);
        LocationBins bins = new LocationBins(256, 512, 768, 1023);
        assertThat(quantizer(Map.of("bins", "1024")).box(bins, image))
                .isEqualTo(Box.between(500, 250, 1023 / 1024.0 * 1000, 750));
        assertThat(OFFICIAL.box(bins, image).right()).isEqualTo(1000);
    }

    @Test
    void pasteRulesFloorRoundOrGrow() {
        ImageSize image = new ImageSize(100, 100);
        LocationBins bins = new LocationBins(107, 107, 307, 307);
        assertThat(OFFICIAL.pasteBox(bins, image)).isEqualTo(new PixelBox(10, 10, 30, 30));
        assertThat(quantizer(Map.of("paste", "outward")).pasteBox(bins, image)).isEqualTo(new PixelBox(10, 10, 31, 31));
        assertThat(quantizer(Map.of("paste", "rounded")).pasteBox(new LocationBins(107, 107, 312, 312), image))
                .isEqualTo(new PixelBox(10, 10, 30, 30));
        assertThat(quantizer(Map.of("paste", "rounded")).pasteBox(new LocationBins(107, 107, 313, 313), image))
                .isEqualTo(new PixelBox(10, 10, 31, 31));
    }

    @Test
    void boxesThatAreNotNumbersAreRefused() {
        assertThatThrownBy(() -> OFFICIAL.bins(new Box(0, Double.NaN, 1, 1), new ImageSize(10, 10)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("finite");
        assertThatThrownBy(() -> new NormalizedBox(0, 0, Float.POSITIVE_INFINITY, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static BoxQuantizer quantizer(Map<String, String> settings) {
        return new BoxQuantizer(Convention.BIG_VISION.with(settings).orElseThrow());
    }

    private static int encodeMatches(List<JsonNode> records) {
        int matches = 0;
        for (JsonNode record : records) {
            String id = record.get("id").asText();
            ImageSize image = new ImageSize(
                    record.get("height").asInt(), record.get("width").asInt());
            NormalizedBox box = normalized(record.get("bbox"));
            PixelBox rounded = pixels(record.get("pixel_box"));
            assertThat(box.rounded(image)).as(id).isEqualTo(rounded);
            if (rounded.top() >= 0 && rounded.left() >= 0 && !record.get("crop").isNull()) {
                assertThat(OFFICIAL.cropBox(box, image)).as(id).isEqualTo(pixels(record.get("crop")));
            } else {
                assertThat(OFFICIAL.cropBox(box, image)).as(id).isEqualTo(rounded.clippedTo(image));
            }
            if (record.hasNonNull("suffix")) {
                assertThat(record.get("suffix").asText())
                        .as(id)
                        .startsWith(OFFICIAL.bins(box).text());
            }
            if (record.hasNonNull("coco_bbox")) {
                JsonNode coco = record.get("coco_bbox");
                Box pixels = new Box(
                        coco.get(0).asDouble(),
                        coco.get(1).asDouble(),
                        coco.get(2).asDouble(),
                        coco.get(3).asDouble());
                assertThat(NormalizedBox.of(pixels, image)).as(id).isEqualTo(box);
                assertThat(OFFICIAL.bins(pixels, image)).as(id).isEqualTo(OFFICIAL.bins(box));
            }
            matches++;
        }
        return matches;
    }

    private static int pasteMatches(List<JsonNode> records) {
        int matches = 0;
        for (JsonNode record : records) {
            ImageSize image = new ImageSize(
                    record.get("height").asInt(), record.get("width").asInt());
            JsonNode loc = record.get("loc");
            if (record.hasNonNull("pixel_box")) {
                LocationBins bins = new LocationBins(
                        loc.get(0).asInt(),
                        loc.get(1).asInt(),
                        loc.get(2).asInt(),
                        loc.get(3).asInt());
                assertThat(OFFICIAL.pasteBox(bins, image))
                        .as(record.get("id").asText())
                        .isEqualTo(pixels(record.get("pixel_box")));
                matches++;
            }
        }
        return matches;
    }

    private static NormalizedBox normalized(JsonNode box) {
        return new NormalizedBox(
                (float) box.get(0).asDouble(),
                (float) box.get(1).asDouble(),
                (float) box.get(2).asDouble(),
                (float) box.get(3).asDouble());
    }

    private static PixelBox pixels(JsonNode box) {
        return new PixelBox(
                box.get(0).asInt(),
                box.get(1).asInt(),
                box.get(2).asInt(),
                box.get(3).asInt());
    }
}
