package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.SparkFixture;
import io.palispark.evaluation.Calibration;
import io.palispark.evaluation.DetectionMatch;
import io.palispark.evaluation.ImageMatches;
import io.palispark.evaluation.IsotonicCalibration;
import io.palispark.evaluation.TemperatureCalibration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Detections whose log-odds are three times too large: the scores are far too sure. */
class CalibrationFittingTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int IMAGES = 450;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"isotonic", "temperature"})
    void theMapLowersTheErrorOnImagesThatItHasNotSeen(String kind) throws IOException {
        overconfident();

        JsonNode calibration = evaluate("calibration.fit=" + kind);

        JsonNode fit = calibration.path("fit");
        assertThat(fit.path("kind").asText()).isEqualTo(kind);
        assertThat(fit.path("fitted_on").path("images").asInt()
                        + fit.path("held_out").path("images").asInt())
                .isEqualTo(IMAGES);
        assertThat(fit.path("fitted_on").path("images").asInt()).isBetween(IMAGES / 3, IMAGES * 2 / 3);
        assertThat(fit.path("after").path("d_ece").asDouble())
                .isPositive()
                .isLessThan(fit.path("before").path("d_ece").asDouble() / 2);
        assertThat(map(fit.path("map")).calibrated(0.9526)).isCloseTo(0.73, within(0.1));
    }

    @Test
    void theTemperatureIsTheOneThatTheScoresWereMadeWith() throws IOException {
        overconfident();

        assertThat(evaluate("calibration.fit=temperature")
                        .path("fit")
                        .path("map")
                        .path("temperature")
                        .asDouble())
                .isCloseTo(3, within(0.5));
    }

    @Test
    void theSeedAndTheShareDecideWhichImagesAreFittedOn() throws IOException {
        overconfident();

        JsonNode half = evaluate("calibration.fit=isotonic").path("fit");
        assertThat(evaluate("calibration.fit=isotonic").path("fit")).isEqualTo(half);
        assertThat(evaluate("calibration.fit=isotonic", "calibration.seed=18")
                        .path("fit")
                        .path("map"))
                .isNotEqualTo(half.path("map"));
        assertThat(evaluate("calibration.fit=isotonic", "calibration.share=0.1")
                        .path("fit")
                        .path("fitted_on")
                        .path("images")
                        .asInt())
                .isBetween(IMAGES / 20, IMAGES / 5);
    }

    @Test
    void withoutDetectionsThereIsNoMapAndWithoutAWishNoFit() throws IOException {
        write(new Random(1), 0);

        JsonNode fit = evaluate("calibration.fit=isotonic").path("fit");
        assertThat(fit.path("fitted_on").path("detections").asInt(-1)).isZero();
        assertThat(fit.has("map")).isFalse();
        assertThat(evaluate().has("fit")).isFalse();
    }

    @Test
    void theFitIsTheSameForAnyPartitioning() {
        Random random = new Random(3);
        List<ImageOutcome> outcomes = new ArrayList<>();
        for (int image = 0; image < 60; image++) {
            List<DetectionMatch> matches = new ArrayList<>();
            for (int rank = 0; rank < 5; rank++) {
                matches.add(new DetectionMatch(random.nextDouble(), image, rank, random.nextInt(2), 0));
            }
            TreeMap<String, ImageMatches> labels = new TreeMap<>();
            labels.put("mug", new ImageMatches(List.of(3, 1, 1, 1), matches));
            outcomes.add(new ImageOutcome(image, "id" + image, "", Map.of(DetectionVariant.BOX, labels), null));
        }
        for (String kind : List.of("isotonic", "temperature")) {
            String one = fit(outcomes, 1, kind);
            Collections.shuffle(outcomes, random);
            assertThat(one).contains("\"map\"");
            assertThat(fit(outcomes, 7, kind)).isEqualTo(one);
            assertThat(fit(outcomes, 60, kind)).isEqualTo(one);
        }
    }

    private static String fit(List<ImageOutcome> outcomes, int parts, String kind) {
        EvaluateConfig config = EvaluateConfig.read(
                Optional.empty(),
                List.of("input.predictions=a", "input.ground-truth=b", "output.path=c", "calibration.fit=" + kind));
        JavaSparkContext spark =
                JavaSparkContext.fromSparkContext(SparkFixture.session().sparkContext());
        return new CalibrationFitting(config)
                .fit(spark.parallelize(outcomes, parts)
                        .map(image -> new EvaluatedPart(
                                null, Map.of(), List.of(CalibrationFitting.Sampled.of(image, config.calibration())))))
                .orElseThrow()
                .toString();
    }

    private static Calibration map(JsonNode map) throws IOException {
        return map.has("temperature")
                ? new TemperatureCalibration(map.path("temperature").asDouble())
                : new IsotonicCalibration(doubles(map.path("confidences")), doubles(map.path("precisions")));
    }

    private static List<Double> doubles(JsonNode array) {
        List<Double> values = new ArrayList<>();
        array.forEach(value -> values.add(value.asDouble()));
        return values;
    }

    private void overconfident() throws IOException {
        write(new Random(5), 8);
    }

    /** Each detection has a square of its own, annotated as often as a third of its log-odds says. */
    private void write(Random random, int detections) throws IOException {
        ObjectNode truth = JSON.createObjectNode();
        ArrayNode images = truth.putArray("images");
        truth.putArray("categories").addObject().put("id", 1).put("name", "mug");
        ArrayNode annotations = truth.putArray("annotations");
        ArrayNode results = JSON.createArrayNode();
        for (int image = 1; image <= IMAGES; image++) {
            images.addObject()
                    .put("id", image)
                    .put("file_name", image + ".jpg")
                    .put("height", 100)
                    .put("width", 1000);
            annotate(annotations, image, 900);
            for (int place = 0; place < detections; place++) {
                double odds = random.nextGaussian();
                if (random.nextDouble() < 1 / (1 + Math.exp(-odds))) {
                    annotate(annotations, image, place * 100);
                }
                ObjectNode result = results.addObject().put("image_id", image).put("category_id", 1);
                result.put("score", 1 / (1 + Math.exp(-3 * odds)));
                result.putArray("bbox").add(place * 100).add(10).add(40).add(40);
            }
        }
        Files.writeString(folder.resolve("truth.json"), truth.toString());
        Files.writeString(folder.resolve("results.json"), results.toString());
    }

    private static void annotate(ArrayNode annotations, int image, int left) {
        ObjectNode object = annotations
                .addObject()
                .put("id", annotations.size())
                .put("image_id", image)
                .put("category_id", 1)
                .put("area", 1600)
                .put("iscrowd", 0);
        object.putArray("bbox").add(left).add(10).add(40).add(40);
    }

    private JsonNode evaluate(String... settings) throws IOException {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("input.predictions=" + folder.resolve("results.json"));
        all.add("input.ground-truth=" + folder.resolve("truth.json"));
        all.add("output.path=" + folder.resolve("metrics"));
        return EvaluateJob.run(SparkFixture.session(), EvaluateConfig.read(Optional.empty(), all))
                .metrics()
                .path("calibration");
    }
}
