package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** The demo's numbers for the terminal, beside those that independent tools gave. */
final class DemoTable {

    private static final String ROW = "%-26s %12s %12s %12s%n";
    private static final List<Line> LINES = List.of(
            new Line("box AP", "/boxes/scored/AP", "/boxes/AP"),
            new Line("box AP50", "/boxes/scored/AP50", "/boxes/AP50"),
            new Line("mask AP", "/masks/scored/AP", "/masks/AP"),
            new Line("mask AP50", "/masks/scored/AP50", "/masks/AP50"),
            new Line("mIoU of masks", "/masks/mean_iou", "/masks/mean_iou"),
            new Line("mIoU, one of its class", "/referring/miou", "/referring/miou"),
            new Line("codec ceiling, mIoU", "/codec_ceiling/mean_iou", "/codec_ceiling/mean_iou"),
            new Line("CIDEr of captions", "/captions/CIDEr", "/captions/CIDEr"),
            new Line("VQA accuracy", "/vqa/accuracy", "/vqa/accuracy"));

    private DemoTable() {}

    /** @param measured where metrics.json holds the number, as a JSON pointer */
    private record Line(String name, String measured, String expected) {}

    /**
     * The table.
     *
     * @param ours metrics by our paste and score rules
     * @param official metrics by big_vision's paste, scores being the class token's probability
     * @param expected what the stand-in's makers measured by the official rules
     */
    static String of(JsonNode ours, JsonNode official, JsonNode expected) {
        StringBuilder text = new StringBuilder(ROW.formatted("", "Palispark's", "official", "official rules,"));
        text.append(ROW.formatted("", "rules", "rules", "pycocotools"));
        for (Line line : LINES) {
            text.append(ROW.formatted(
                    line.name(),
                    shown(ours.at(line.measured())),
                    shown(official.at(line.measured())),
                    shown(expected.at(line.expected()))));
        }
        return text.toString();
    }

    private static String shown(JsonNode number) {
        return number.isNumber() ? "%.4f".formatted(number.asDouble()) : "-";
    }
}
