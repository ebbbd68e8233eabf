package io.palispark.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The tasks of a Label Studio export. One annotation of a task is taken: ground truth first, then the first not cancelled. */
final class LabelStudioReader {

    private static final Pattern HASH = Pattern.compile("^[0-9a-f]{8}-(?=.)");
    private static final String LOCAL = "?d=";

    private final ReadLimits limits;
    private final RecordQueue out;

    private LabelStudioReader(AnnotationInput input, ReadLimits limits) {
        this.limits = limits;
        this.out = new RecordQueue(input.name());
    }

    static AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        LabelStudioReader reader = new LabelStudioReader(input, limits);
        return ListSteps.open(input, limits, reader.out, reader::read);
    }

    private void read(JsonNode task, long index) {
        String place = "task " + (index + 1);
        out.seen(RowKind.IMAGE);
        String image = "";
        try {
            image = image(task.path("data"));
            readTask(task, image, place);
        } catch (DocumentException unusable) {
            out.reject(image, RowKind.IMAGE, "", unusable.reason(), place + ": " + unusable.getMessage());
        }
    }

    private void readTask(JsonNode task, String image, String place) throws DocumentException {
        JsonNode annotation = annotation(task);
        Optional<ImageSize> size = size(annotation.path("result"));
        out.add(new AnnotationRecord.ImageRow(
                        image,
                        image,
                        size.map(ImageSize::height).orElse(0),
                        size.map(ImageSize::width).orElse(0),
                        annotation.path("result").isEmpty() ? SizeClaim.NONE : SizeClaim.STATED,
                        "")
                .inGroup(task.path("data").path(limits.groupField()).asText("")));
        if (usable(task) > 1) {
            Defect several = Defect.warn(
                    ReasonCode.ANNOTATION_MULTIPLE, place + " has " + usable(task) + " annotations: one is taken");
            out.finding(image, RowKind.IMAGE, "", several);
        }
        LabelStudioShape shapes = new LabelStudioShape(size, labels(annotation.path("result")), limits);
        int number = 0;
        for (JsonNode result : annotation.path("result")) {
            number++;
            if (shapes.isShape(result)) {
                out.seen(RowKind.OBJECT);
                ObjectDraft draft = new ObjectDraft(
                        image, number, image + "#" + number, place + ", result " + Defect.quote(id(result)));
                shapes.read(result, draft);
                draft.emit(out);
            }
        }
    }

    private static String id(JsonNode result) {
        return result.path("id").asText("");
    }

    private static int usable(JsonNode task) {
        int usable = 0;
        for (JsonNode annotation : task.path("annotations")) {
            usable += annotation.path("was_cancelled").asBoolean() ? 0 : 1;
        }
        return usable;
    }

    private static JsonNode annotation(JsonNode task) throws DocumentException {
        if (task.path("annotations").isEmpty()) {
            throw new DocumentException(ReasonCode.ANNOTATION_MISSING, "the task is not annotated");
        }
        JsonNode chosen = null;
        for (JsonNode annotation : task.path("annotations")) {
            boolean better = chosen == null
                    || (annotation.path("ground_truth").asBoolean()
                            && !chosen.path("ground_truth").asBoolean());
            if (!annotation.path("was_cancelled").asBoolean() && better) {
                chosen = annotation;
            }
        }
        if (chosen == null) {
            throw new DocumentException(ReasonCode.ANNOTATION_CANCELLED, "every annotation was cancelled");
        }
        return chosen;
    }

    /** What the first result with a size states. */
    private static Optional<ImageSize> size(JsonNode results) {
        for (JsonNode result : results) {
            int height = result.path("original_height").asInt(0);
            int width = result.path("original_width").asInt(0);
            if (height > 0 && width > 0 && (long) height * width <= RunLengthMask.MAX_PIXELS) {
                return Optional.of(new ImageSize(height, width));
            }
        }
        return Optional.empty();
    }

    /** Labels that stand in results of their own, by the id that they share with a shape. */
    private static Map<String, String> labels(JsonNode results) {
        Map<String, String> labels = new HashMap<>();
        for (JsonNode result : results) {
            if (result.path("type").asText().equals("labels")) {
                labels.put(
                        id(result), result.path("value").path("labels").path(0).asText(""));
            }
        }
        return labels;
    }

    /**
     * The file behind an address: its last part without the hash of an upload, or the path of a local file.
     *
     * @param data of the task: the value of {@code image}, else the first text
     */
    private static String image(JsonNode data) throws DocumentException {
        JsonNode stated = data.path("image");
        for (JsonNode value : data) {
            stated = stated.isTextual() ? stated : value;
        }
        String address = stated.isTextual() ? stated.asText().strip() : "";
        if (address.isEmpty()) {
            throw new DocumentException(ReasonCode.IMAGE_NAME_MISSING, "no address of an image in data");
        }
        int local = address.indexOf(LOCAL);
        String path = local >= 0
                ? address.substring(local + LOCAL.length())
                : HASH.matcher(PictureNames.lastPart(address.replaceAll("[?#].*", "")))
                        .replaceFirst("");
        return SafeName.of(Address.decoded(path))
                .orElseThrow(() -> new DocumentException(ReasonCode.IMAGE_NAME_UNSAFE, Defect.quote(address)))
                .path();
    }
}
