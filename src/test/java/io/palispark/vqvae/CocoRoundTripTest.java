package io.palispark.vqvae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SharedFolder;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.Polygon;
import io.palispark.geometry.PolygonRasterizer;
import io.palispark.geometry.PolygonRegion;
import io.palispark.geometry.RunLengthMask;
import io.palispark.token.Convention;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The 830 objects of 100 COCO images, against the figures of the official operation and evaluator. */
@Tag("fetched")
class CocoRoundTripTest {

    private static final Convention ROUNDED =
            Convention.BIG_VISION.with(Map.of("paste", "rounded")).orElseThrow();

    private record Instance(RunLengthMask mask, Box box, double area) {}

    private static List<Instance> instances;

    @BeforeAll
    static void read() throws IOException {
        JsonNode root = new ObjectMapper()
                .readTree(SharedFolder.require(
                                "fixtures/fetched/faster_coco_eval/tests/dataset/cocoapi/instances_val2014_100.json")
                        .toFile());
        Map<Long, ImageSize> sizes = new HashMap<>();
        root.get("images")
                .forEach(image -> sizes.put(
                        image.get("id").asLong(),
                        new ImageSize(
                                image.get("height").asInt(), image.get("width").asInt())));
        instances = new ArrayList<>();
        for (JsonNode annotation : root.get("annotations")) {
            if (annotation.path("iscrowd").asInt() == 0) {
                JsonNode box = annotation.get("bbox");
                instances.add(new Instance(
                        mask(annotation, sizes.get(annotation.get("image_id").asLong())),
                        new Box(
                                box.get(0).asDouble(),
                                box.get(1).asDouble(),
                                box.get(2).asDouble(),
                                box.get(3).asDouble()),
                        annotation.get("area").asDouble()));
            }
        }
        assertThat(instances).hasSize(830);
    }

    @Test
    void theOfficialPasteKeepsWhatTheOfficialEvaluatorKeeps() {
        RoundTrip trip = new RoundTrip(MaskCodec.standIn(), Convention.BIG_VISION);
        assertMeans(measured(trip), 0.872619, 0.82884, 0.907701, 0.923978);
    }

    @Test
    void theRoundedPasteKeepsMore() {
        RoundTrip trip = new RoundTrip(MaskCodec.standIn(), ROUNDED);
        assertMeans(measured(trip), 0.923675, 0.922138, 0.924458, 0.926067);
    }

    @Test
    void movingTheBoxByABinKeepsMoreAndRefinedCodesMost() {
        RoundTrip trip = new RoundTrip(MaskCodec.standIn(), ROUNDED);
        List<Instance> sample = new ArrayList<>();
        for (int i = 0; i < instances.size(); i += 20) {
            sample.add(instances.get(i));
        }
        double plain = mean(ious(sample, measured(trip)));
        double moved = mean(ious(sample, refined(trip, RefinementEffort.BOX_ONLY)));
        double refined = mean(ious(sample, refined(trip, RefinementEffort.DEFAULT)));
        assertThat(moved).isGreaterThan(plain + 0.015);
        assertThat(refined).isGreaterThan(moved + 0.005).isGreaterThan(0.94);
    }

    @Test
    void refinementDependsOnNothingButTheObject() {
        RoundTrip trip = new RoundTrip(MaskCodec.standIn(), ROUNDED);
        List<Instance> sample = instances.subList(0, 8);
        ToDoubleFunction<Instance> once = refined(trip, RefinementEffort.DEFAULT);
        double[] alone = ious(sample, once);
        double[] together = sample.parallelStream().mapToDouble(once).toArray();
        assertThat(together).isEqualTo(alone);
    }

    private static void assertMeans(
            ToDoubleFunction<Instance> iou, double all, double small, double medium, double large) {
        double[] ious = ious(instances, iou);
        assertThat(mean(ious)).isCloseTo(all, within(0.001));
        assertThat(meanOfAreas(ious, 0, 1024)).isCloseTo(small, within(0.001));
        assertThat(meanOfAreas(ious, 1024, 9216)).isCloseTo(medium, within(0.001));
        assertThat(meanOfAreas(ious, 9216, Double.MAX_VALUE)).isCloseTo(large, within(0.001));
    }

    private static ToDoubleFunction<Instance> refined(RoundTrip trip, RefinementEffort effort) {
        return instance -> trip.measureRefined(instance.mask(), instance.box(), effort)
                .orElseThrow()
                .iou();
    }

    private static double[] ious(List<Instance> objects, ToDoubleFunction<Instance> iou) {
        return objects.stream().mapToDouble(iou).toArray();
    }

    private static double mean(double[] ious) {
        return Arrays.stream(ious).average().orElseThrow();
    }

    private static double meanOfAreas(double[] ious, double from, double to) {
        return IntStream.range(0, ious.length)
                .filter(i -> instances.get(i).area() >= from && instances.get(i).area() < to)
                .mapToDouble(i -> ious[i])
                .average()
                .orElseThrow();
    }

    private static ToDoubleFunction<Instance> measured(RoundTrip trip) {
        return instance -> trip.measure(instance.mask(), instance.box())
                .map(RoundTrip.Result::iou)
                .orElse(0.0);
    }

    private static RunLengthMask mask(JsonNode annotation, ImageSize image) {
        List<Polygon> parts = new ArrayList<>();
        for (JsonNode ring : annotation.get("segmentation")) {
            double[] vertices = new double[ring.size()];
            for (int i = 0; i < vertices.length; i++) {
                vertices[i] = ring.get(i).asDouble();
            }
            parts.add(new Polygon(vertices));
        }
        return PolygonRasterizer.rasterize(new PolygonRegion(parts), image);
    }
}
