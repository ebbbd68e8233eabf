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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
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
    void refinedCodesAndBinsKeepMost() {
        RoundTrip trip = new RoundTrip(MaskCodec.standIn(), ROUNDED);
        List<Instance> sample = new ArrayList<>();
        for (int i = 0; i < instances.size(); i += 20) {
            sample.add(instances.get(i));
        }
        double refined = mean(
                sample,
                0,
                Double.MAX_VALUE,
                instance -> trip.measureRefined(instance.mask(), instance.box(), RefinementEffort.DEFAULT)
                        .orElseThrow()
                        .iou());
        double plain = mean(sample, 0, Double.MAX_VALUE, measured(trip));
        assertThat(refined).isGreaterThan(plain + 0.01).isGreaterThan(0.94);
    }

    private static void assertMeans(
            ToDoubleFunction<Instance> iou, double all, double small, double medium, double large) {
        assertThat(mean(instances, 0, Double.MAX_VALUE, iou)).isCloseTo(all, within(0.001));
        assertThat(mean(instances, 0, 1024, iou)).isCloseTo(small, within(0.001));
        assertThat(mean(instances, 1024, 9216, iou)).isCloseTo(medium, within(0.001));
        assertThat(mean(instances, 9216, Double.MAX_VALUE, iou)).isCloseTo(large, within(0.001));
    }

    private static ToDoubleFunction<Instance> measured(RoundTrip trip) {
        return instance -> trip.measure(instance.mask(), instance.box())
                .map(RoundTrip.Result::iou)
                .orElse(0.0);
    }

    private static double mean(List<Instance> objects, double fromArea, double toArea, ToDoubleFunction<Instance> iou) {
        return objects.stream()
                .filter(instance -> instance.area() >= fromArea && instance.area() < toArea)
                .mapToDouble(iou)
                .average()
                .orElseThrow();
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
