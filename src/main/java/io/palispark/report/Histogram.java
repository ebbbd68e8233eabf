package io.palispark.report;

import java.util.List;
import java.util.Locale;

/**
 * Counts over equal bins that begin at 0, with places on the axis that mean something, as inline SVG.
 *
 * @param title for those who cannot see the bars too
 * @param across name of the horizontal axis
 * @param binWidth in units of the axis, above 0
 * @param counts of the bins, ascending
 * @param marks drawn as upright lines; the axis reaches them all
 */
public record Histogram(String title, String across, double binWidth, List<Long> counts, List<Mark> marks) {

    private static final int WIDTH = 640;
    private static final int HEIGHT = 180;
    private static final int LEFT = 64;
    private static final int TOP = 14;
    private static final int LINE = 16;

    /** A place on the axis and what it means. */
    public record Mark(double at, String name) {}

    String html() {
        double end = Math.max(
                counts.size() * binWidth,
                1.05 * marks.stream().mapToDouble(Mark::at).max().orElse(0));
        long most = Math.max(1, counts.stream().mapToLong(Long::longValue).max().orElse(1));
        int floor = TOP + marks.size() * LINE + HEIGHT;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<figure class=\"chart\"><svg role=\"img\" aria-label=\"%s\" viewBox=\"0 0 %d %d\">",
                Html.text(title),
                LEFT + WIDTH + 20,
                floor + 44));
        for (int i = 0; i <= 4; i++) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<path class=\"grid\" d=\"M%d %dh%d\"/><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%d</text><text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    LEFT,
                    floor - i * HEIGHT / 4,
                    WIDTH,
                    LEFT - 6,
                    floor - i * HEIGHT / 4 + 4,
                    most * i / 4,
                    LEFT + i * WIDTH / 4.0,
                    floor + LINE,
                    String.format(Locale.ROOT, end <= 4 ? "%.2f" : "%.0f", end * i / 4)));
        }
        double scale = WIDTH / end;
        for (int bin = 0; bin < counts.size(); bin++) {
            double height = (double) HEIGHT * counts.get(bin) / most;
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%d</title></rect>",
                    LEFT + bin * binWidth * scale,
                    floor - height,
                    Math.max(1, binWidth * scale - 1),
                    height,
                    counts.get(bin)));
        }
        marks(svg, scale, floor);
        return svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text></svg>"
                        .formatted(LEFT + WIDTH / 2, floor + 38, Html.text(across)))
                .append("<figcaption>%s</figcaption></figure>\n".formatted(Html.text(title)))
                .toString();
    }

    private void marks(StringBuilder svg, double scale, int floor) {
        for (int i = 0; i < marks.size(); i++) {
            double x = LEFT + marks.get(i).at() * scale;
            boolean isRight = x > LEFT + WIDTH / 2.0;
            svg.append(String.format(
                    Locale.ROOT,
                    "<path class=\"mark\" d=\"M%.1f %dV%d\"/><text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>",
                    x,
                    TOP + i * LINE - 10,
                    floor,
                    isRight ? x - 5 : x + 5,
                    TOP + i * LINE,
                    isRight ? "end" : "start",
                    Html.text(marks.get(i).name())));
        }
    }
}
