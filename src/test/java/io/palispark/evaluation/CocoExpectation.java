package io.palispark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Holds curves against what a reference evaluator reported; -1 is its way to say that nothing was there to find. */
final class CocoExpectation {

    private CocoExpectation() {}

    static void assertStats(List<CategoryCurves> curves, JsonNode stats) {
        for (Metric metric : DetectionMeans.of(curves).coco()) {
            assertThat(metric.value().orElse(-1))
                    .as(metric.name())
                    .isCloseTo(stats.get(metric.name()).asDouble(), within(1e-12));
        }
    }

    static void assertCategories(List<CategoryCurves> curves, JsonNode expected) {
        assertThat(curves).hasSameSizeAs(CocoCase.list(expected.get("categories")));
        for (int index = 0; index < curves.size(); index++) {
            JsonNode category = expected.get("categories").get(index);
            DetectionMeans means = DetectionMeans.of(List.of(curves.get(index)));
            assertThat(means.averagePrecision(0).orElse(-1))
                    .isCloseTo(category.get("AP").asDouble(), within(1e-12));
            if (category.has("AP_by_threshold")) {
                assertThat(means.averageRecall(0, 2).orElse(-1))
                        .isCloseTo(category.get("AR100").asDouble(), within(1e-12));
                for (int threshold = 0; threshold < 10; threshold++) {
                    assertThat(curves.get(index)
                                    .curve(threshold, 0, 2)
                                    .averagePrecision()
                                    .orElse(-1))
                            .isCloseTo(
                                    category.get("AP_by_threshold")
                                            .get(threshold)
                                            .asDouble(),
                                    within(1e-12));
                }
            }
        }
    }

    /** Every bit of the reference's precision, recall and score arrays, by their hashes. */
    static void assertArrays(List<CategoryCurves> categories, JsonNode expected) {
        DetectionProtocol protocol = categories.get(0).protocol();
        int perLevel =
                categories.size() * protocol.areas().size() * protocol.cuts().size();
        int curves = protocol.thresholds().size() * perLevel;
        ByteBuffer precision = doubles(curves * PrecisionRecall.LEVEL_COUNT);
        ByteBuffer scores = doubles(curves * PrecisionRecall.LEVEL_COUNT);
        ByteBuffer recall = doubles(curves);
        for (int threshold = 0; threshold < protocol.thresholds().size(); threshold++) {
            for (int level = 0; level < PrecisionRecall.LEVEL_COUNT; level++) {
                for (CategoryCurves category : categories) {
                    for (int area = 0; area < protocol.areas().size(); area++) {
                        for (int cut = 0; cut < protocol.cuts().size(); cut++) {
                            PrecisionRecall curve = category.curve(threshold, area, cut);
                            precision.putDouble(curve.truths() == 0 ? -1 : curve.precision()[level]);
                            scores.putDouble(curve.truths() == 0 ? -1 : curve.scores()[level]);
                            if (level == 0) {
                                recall.putDouble(curve.averageRecall().orElse(-1));
                            }
                        }
                    }
                }
            }
        }
        assertHash("precision", precision, expected);
        assertHash("recall", recall, expected);
        if (expected.has("scores")) {
            assertHash("scores", scores, expected);
        }
    }

    private static ByteBuffer doubles(int count) {
        return ByteBuffer.allocate(count * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void assertHash(String name, ByteBuffer values, JsonNode expected) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(values.array());
            assertThat(HexFormat.of().formatHex(hash))
                    .as(name)
                    .isEqualTo(expected.get(name).get("sha256").asText());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
