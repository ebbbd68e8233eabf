package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.CheckedObject;
import io.palispark.annotation.ObjectCheck;
import io.palispark.annotation.ReasonCode;
import io.palispark.geometry.ImageSize;
import io.palispark.spark.AnnotationParts;
import io.palispark.spark.SourcedRecord;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Measures the objects of one part. */
final class AuditPart implements AnnotationParts.PartWork<AuditPart.Result> {

    private static final long serialVersionUID = 1L;
    private static final double MEDIUM_FROM = 32 * 32;
    private static final double LARGE_FROM = 96 * 96;

    private final AuditConfig config;
    private final String source;

    AuditPart(AuditConfig config, String source) {
        this.config = config;
        this.source = source;
    }

    /**
     * @param lines one JSON object per measured object, in order
     * @param examples the worst, typical and best of the part
     * @param worst the worst of each size
     * @param skipped objects without a measurement, by reason
     */
    record Result(
            int part,
            AuditSums sums,
            List<String> lines,
            List<AuditedObject> examples,
            List<AuditedObject> worst,
            Map<String, Long> skipped)
            implements Serializable {}

    @Override
    public Result build(int part, Iterator<List<SourcedRecord>> images) throws IOException {
        Work work = new Work();
        while (images.hasNext()) {
            for (PictureRecords picture : PictureRecords.of(images.next())) {
                work.image(picture);
            }
        }
        work.measure();
        return new Result(
                part,
                work.sums,
                work.lines,
                examples(work.measured),
                AuditExamples.worst(work.measured).values().stream()
                        .flatMap(List::stream)
                        .toList(),
                work.skipped);
    }

    /** The ends and the middle of the part by IoU, enough to find the ends and the middle of the whole. */
    private List<AuditedObject> examples(List<AuditedObject> measured) {
        List<AuditedObject> byIou = new ArrayList<>(measured);
        byIou.sort(Comparator.comparingDouble(AuditedObject::rounded)
                .thenComparing(AuditedObject::imageId)
                .thenComparing(AuditedObject::objectId));
        int each = config.reportPictures();
        if (byIou.size() <= 3 * each) {
            return byIou;
        }
        int middle = (byIou.size() - each) / 2;
        List<AuditedObject> examples = new ArrayList<>(byIou.subList(0, each));
        examples.addAll(byIou.subList(middle, middle + each));
        examples.addAll(byIou.subList(byIou.size() - each, byIou.size()));
        return examples;
    }

    private final class Work {

        private final ObjectMapper json = new ObjectMapper();
        private final AuditSums sums = new AuditSums();
        private final List<String> lines = new ArrayList<>();
        private final List<AuditedObject> measured = new ArrayList<>();
        private final TreeMap<String, Long> skipped = new TreeMap<>();
        private final AuditMeasurement measurement = new AuditMeasurement(config);
        private final List<CheckedObject> waiting = new ArrayList<>();

        void image(PictureRecords records) throws IOException {
            records.findings().stream()
                    .filter(row -> row.finding().outcome().isReject())
                    .forEach(row -> skip(row.finding().reason()));
            Optional<ImageRow> image = records.images().stream()
                    .filter(row -> row.declaredHeight() > 0 && row.declaredWidth() > 0)
                    .findFirst();
            for (ObjectRow object : records.objects()) {
                if (image.isEmpty()) {
                    skip(records.images().isEmpty() ? ReasonCode.ANNOTATION_ORPHAN : ReasonCode.IMAGE_SIZE_MISSING);
                } else if (object.crowd()) {
                    skip(ReasonCode.CROWD_REGION);
                } else {
                    check(
                            object,
                            new ImageSize(
                                    image.get().declaredHeight(), image.get().declaredWidth()));
                }
            }
        }

        private void check(ObjectRow row, ImageSize size) throws IOException {
            CheckedObject object = ObjectCheck.check(source, row, size);
            if (object.isRejected() || object.mask().isEmpty()) {
                skip(
                        object.findings().isEmpty()
                                ? ReasonCode.MASK_MISSING
                                : object.findings().get(0).reason());
                return;
            }
            waiting.add(object);
            if (waiting.size() == config.codec().batch()) {
                measure();
            }
        }

        /** The waiting objects, in one session call each way. */
        void measure() throws IOException {
            for (Optional<AuditedObject> object : measurement.measure(waiting)) {
                if (object.isPresent()) {
                    add(object.get());
                } else {
                    skip(ReasonCode.CROP_EMPTY);
                }
            }
            waiting.clear();
        }

        private void add(AuditedObject object) throws IOException {
            for (String group : List.of(
                    "all",
                    object.sizeClass(),
                    object.holes() > 0 ? "with holes" : "without holes",
                    object.parts() > 1 ? "several parts" : "one part")) {
                sums.add(group, "floored", object.floored());
                sums.add(group, "rounded", object.rounded());
                sums.add(group, "box", object.boxIou());
                if (!Double.isNaN(object.refined())) {
                    sums.add(group, "refined", object.refined());
                }
            }
            ObjectNode line = json.createObjectNode()
                    .put("image_id", object.imageId())
                    .put("object", object.objectId())
                    .put("label", object.label())
                    .put("size_class", object.sizeClass())
                    .put("parts", object.parts())
                    .put("holes", object.holes())
                    .put("iou_floored", object.floored())
                    .put("iou_rounded", object.rounded());
            if (!Double.isNaN(object.refined())) {
                line.put("iou_refined", object.refined());
            }
            lines.add(json.writeValueAsString(
                    line.put("box_iou", object.boxIou()).put("box_shift_px", object.boxShift())));
            measured.add(object);
        }

        private void skip(ReasonCode reason) {
            skipped.merge(reason.code(), 1L, Long::sum);
        }
    }
}
