package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.evaluation.OperatingPoint;
import io.palispark.job.EvaluateConfig.CalibrationFit;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.OutputException;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.ShardFile;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;

/**
 * What {@code evaluate} leaves: metrics.json, and for every image of the ground truth one line {@code {"image",
 * "image_id", "counts", "box_iou", "mask_iou", "boxes", "masks"}} in the shards that the manifest names. Overlaps are
 * means over the image's annotated objects, null where there are none; boxes and masks are counted at IoU 0.5.
 */
final class EvaluationFolder implements AutoCloseable {

    static final String KIND = "evaluation";

    private static final int FORMAT_VERSION = 1;

    private final EvaluateConfig config;
    private final OutputClaim claim;

    /** @throws OutputException when another run writes the folder */
    EvaluationFolder(Storage storage, EvaluateConfig config) throws OutputException {
        this.config = config;
        String run = PrepareManifest.sha256(config.canonicalJson()).substring(0, 16);
        this.claim = OutputClaim.take(storage, new CommittedFolder(storage, config.output(), run), "evaluate");
    }

    /**
     * Stages the lines of all images, part by part, as the parts are computed.
     *
     * @param calibration which detections are kept to fit on
     */
    JavaRDD<EvaluatedPart> stage(JavaRDD<ImageOutcome> outcomes, CalibrationFit calibration) {
        CommittedFolder output = claim.output();
        return outcomes.mapPartitionsWithIndex(
                (part, images) -> List.of(stage(output, part, new EvaluatedPart.Images(calibration), images))
                        .iterator(),
                true);
    }

    private static EvaluatedPart stage(
            CommittedFolder output, int part, EvaluatedPart.Images kept, Iterator<ImageOutcome> images)
            throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<String> lines = new ArrayList<>();
        while (images.hasNext()) {
            ImageOutcome image = images.next();
            kept.add(image);
            if (image.image() != EvaluationItem.Key.NOWHERE) {
                lines.add(line(image, json));
            }
        }
        List<ShardFile> shards = lines.isEmpty()
                ? List.of()
                : List.of(output.stage("images", "part-%05d".formatted(part), ".jsonl", lines));
        return kept.part(new PartReceipt(part, "", shards, List.of(), Map.of(), Map.of(), Map.of()));
    }

    private static String line(ImageOutcome image, ObjectMapper json) {
        ImageOutcome.Sums sums = image.sums();
        ObjectNode line = json.createObjectNode().put("image", image.name()).put("image_id", image.id());
        line.set("counts", json.valueToTree(sums.counts()));
        MetricsDocument.putNumber(line, "box_iou", sums.boxOverlap().value());
        MetricsDocument.putNumber(line, "mask_iou", sums.maskOverlap().value());
        putPoint(line.putObject("boxes"), sums.boxes());
        putPoint(line.putObject("masks"), sums.masks());
        return line.toString();
    }

    private static void putPoint(ObjectNode node, TreeMap<String, OperatingPoint> points) {
        OperatingPoint sum = points.values().stream().reduce(OperatingPoint.NONE, OperatingPoint::plus);
        node.put("right", sum.right()).put("wrong", sum.wrong()).put("missed", sum.missed());
    }

    /** Writes metrics.json and publishes the lines. */
    EvaluateResult publish(JobSteps steps, ObjectNode metrics, List<PartReceipt> receipts) throws IOException {
        EvaluateResult result = new EvaluateResult(config.output() + "/metrics.json", metrics);
        ObjectNode run = steps.runBlock();
        ObjectNode manifest = new ObjectMapper().createObjectNode();
        manifest.put("format_version", FORMAT_VERSION).put("kind", KIND);
        manifest.put("config_sha256", PrepareManifest.sha256(config.canonicalJson()));
        manifest.put("metrics", "metrics.json");
        ArrayNode shards = manifest.putArray("shards");
        for (PartReceipt receipt : receipts) {
            claim.output().moveIntoPlace(receipt.data());
            receipt.data().forEach(file -> shards.add(file.description()));
        }
        manifest.put("fingerprint", PrepareManifest.sha256(metrics + manifest.toString()));
        byte[] document = result.withRun(run);
        List<ShardFile> named =
                List.of(claim.output().stageNamed(PublishedFolder.METRICS, stream -> stream.write(document)));
        PublishedFolder.name(run, named);
        manifest.set("run", run);
        claim.publish(
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(manifest), named);
        return result;
    }

    @Override
    public void close() {
        claim.close();
    }
}
