package io.palispark.report;

import java.util.Locale;
import java.util.Map;

/** Horizontal bars as inline SVG, longest value at full width. */
public record BarChart(String title, Map<String, Long> values) {

    private static final int ROW = 20;
    private static final int LABEL = 270;
    private static final int BAR = 320;

    /** What a label has room for. */
    private static final int LONGEST_LABEL = 38;

    private static String shortened(String label) {
        return label.length() <= LONGEST_LABEL ? label : label.substring(0, LONGEST_LABEL - 1) + "…";
    }

    String html() {
        long largest = values.values().stream().mapToLong(Long::longValue).max().orElse(1);
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<figure class=\"chart\"><svg role=\"img\" aria-label=\"%s\" viewBox=\"0 0 660 %d\">",
                Html.text(title),
                values.size() * ROW + 4));
        int y = 2;
        for (Map.Entry<String, Long> value : values.entrySet()) {
            double length = (double) BAR * value.getValue() / Math.max(1, largest);
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text><rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/><text x=\"%.1f\" y=\"%d\">%d</text>",
                    LABEL - 6,
                    y + 14,
                    Html.text(shortened(value.getKey())),
                    LABEL,
                    y + 2,
                    Math.max(1, length),
                    ROW - 5,
                    LABEL + Math.max(1, length) + 6,
                    y + 14,
                    value.getValue()));
            y += ROW;
        }
        return svg.append("</svg><figcaption>")
                .append(Html.text(title))
                .append("</figcaption></figure>\n")
                .toString();
    }
}
