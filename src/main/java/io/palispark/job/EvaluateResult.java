package io.palispark.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What {@code evaluate} found.
 *
 * @param path of metrics.json
 * @param metrics its content but for the run block
 */
public record EvaluateResult(String path, ObjectNode metrics) {

    private static final List<String> NUMBERS =
            List.of("AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100");

    byte[] withRun(ObjectNode run) throws JsonProcessingException {
        ObjectNode whole = metrics.deepCopy();
        whole.set("run", run);
        return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(whole);
    }

    /** The numbers for the terminal; what could not be measured is {@code n/a}. */
    public String table() {
        StringBuilder text = new StringBuilder("%-24s".formatted(""));
        NUMBERS.forEach(name -> text.append("%8s".formatted(name)));
        text.append("%n".formatted());
        line(text, "boxes", metrics.path("boxes").path("scored"));
        line(text, "boxes, score 1", metrics.path("boxes").path("constant_score"));
        line(text, "boxes, perfect tokens", metrics.path("codec_ceiling").path("boxes"));
        line(text, "masks", metrics.path("masks").path("scored"));
        line(text, "masks, score 1", metrics.path("masks").path("constant_score"));
        line(text, "masks, boundary", metrics.path("boundary"));
        line(text, "masks, perfect tokens", metrics.path("codec_ceiling").path("masks"));
        text.append("%n".formatted());
        list(text, "boxes at IoU 0.5", metrics.path("boxes").path("at_overlap_0.5"), "precision", "recall", "f1");
        list(text, "masks at IoU 0.5", metrics.path("masks").path("at_overlap_0.5"), "precision", "recall", "f1");
        list(text, "boxes, LVIS", metrics.path("federated").path("boxes"), "AP", "APr", "APc", "APf", "AR@300");
        list(text, "masks, LVIS", metrics.path("federated").path("masks"), "AP", "APr", "APc", "APf", "AR@300");
        list(text, "mean IoU of boxes", metrics.path("boxes"), "mean_iou");
        list(text, "mean IoU of masks", metrics.path("masks"), "mean_iou");
        list(text, "codec ceiling", metrics.path("codec_ceiling"), "mean_iou");
        list(text, "referring", metrics.path("referring"), "miou", "oiou", "boxacc/0.5", "invalid");
        list(text, "counting", metrics.path("counting"), "accuracy", "within-one", "mae");
        list(text, "calibration", metrics.path("calibration"), "d_ece", "d_mce");
        list(text, "captions", metrics.path("captions"), "CIDEr", "BLEU-4", "ROUGE-L");
        list(text, "questions", metrics.path("vqa"), "accuracy", "anls");
        text.append("%n".formatted());
        metrics.path("counts")
                .fields()
                .forEachRemaining(count -> text.append("%-40s %10d%n"
                        .formatted(count.getKey(), count.getValue().asLong())));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, JsonNode numbers) {
        if (!numbers.isMissingNode()) {
            text.append("%-24s".formatted(name));
            NUMBERS.forEach(number -> text.append("%8s".formatted(shown(numbers.path(number)))));
            text.append("%n".formatted());
        }
    }

    private static void list(StringBuilder text, String name, JsonNode node, String... numbers) {
        if (!node.isMissingNode()) {
            text.append("%-24s".formatted(name));
            for (String number : numbers) {
                text.append(" %s %s".formatted(number, shown(node.path(number))));
            }
            text.append("%n".formatted());
        }
    }

    private static String shown(JsonNode number) {
        return number.isNumber() ? "%.4f".formatted(number.asDouble()) : "n/a";
    }
}
