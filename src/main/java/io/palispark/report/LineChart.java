package io.palispark.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Curves as inline SVG.
 *
 * @param title above everything, for those who cannot see the curves too
 * @param across name of the horizontal axis
 * @param up name of the vertical axis
 * @param extent what the axes reach
 * @param diagonal whether a line of equality helps the eye
 */
public record LineChart(String title, String across, String up, Extent extent, Diagonal diagonal, List<Curve> curves) {

    /** Both axes go from 0 to 1. */
    public static final Extent UNIT_SQUARE = new Extent(1, 1);

    /**
     * Both axes begin at 0.
     *
     * @param right end of the horizontal axis, above 0
     * @param top end of the vertical axis, above 0
     */
    public record Extent(double right, double top) {}

    /** A line from corner to corner. */
    public enum Diagonal {
        DRAWN,
        NONE
    }

    /**
     * One curve.
     *
     * @param points from left to right
     */
    public record Curve(String name, List<Point> points) {}

    /**
     * A point in the units of the axes.
     *
     * @param share of all that was measured, 0 to 1: the area of its dot; 0 for a point of a line alone
     */
    public record Point(double x, double y, double share) {

        public Point(double x, double y) {
            this(x, y, 0);
        }
    }

    private static final int SIDE = 300;
    private static final int LEFT = 60;
    private static final int TOP = 10;
    private static final double SMALLEST_DOT = 2.5;
    private static final double LARGEST_DOT = 10;
    private static final List<String> DASHES = List.of("", "6 3", "2 3", "8 3 2 3");

    String html() {
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<figure class=\"chart curve\"><svg role=\"img\" aria-label=\"%s\" viewBox=\"0 0 %d %d\">",
                Html.text(title),
                LEFT + SIDE + 24,
                TOP + SIDE + 40));
        axes(svg);
        if (diagonal == Diagonal.DRAWN) {
            svg.append("<path class=\"grid\" d=\"M%d %dL%d %d\"/>".formatted(LEFT, TOP + SIDE, LEFT + SIDE, TOP));
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < curves.size(); i++) {
            svg.append(path(curves.get(i), i));
            names.add("<span class=\"key k%d\">%s</span>"
                    .formatted(i % 4, Html.text(curves.get(i).name())));
        }
        return svg.append("</svg><figcaption>")
                .append(Html.text(title))
                .append("<span class=\"keys\">")
                .append(String.join(" ", names))
                .append("</span></figcaption></figure>\n")
                .toString();
    }

    private void axes(StringBuilder svg) {
        for (int i = 0; i <= 4; i++) {
            int x = LEFT + i * SIDE / 4;
            int y = TOP + SIDE - i * SIDE / 4;
            svg.append("<path class=\"grid\" d=\"M%d %dv%dM%d %dh%d\"/>".formatted(x, TOP, SIDE, LEFT, y, SIDE));
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
                    x,
                    TOP + SIDE + 16,
                    mark(extent.right() * i / 4, extent.right()),
                    LEFT - 5,
                    y + 4,
                    mark(extent.top() * i / 4, extent.top())));
        }
        svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>"
                .formatted(LEFT + SIDE / 2, TOP + SIDE + 34, Html.text(across)));
        svg.append("<text transform=\"translate(12 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>"
                .formatted(TOP + SIDE / 2, Html.text(up)));
    }

    private static String mark(double value, double end) {
        return String.format(Locale.ROOT, end <= 4 ? "%.2f" : end <= 40 ? "%.1f" : "%.0f", value);
    }

    private String path(Curve curve, int number) {
        StringBuilder path = new StringBuilder();
        for (Point point : curve.points()) {
            path.append(
                    String.format(Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : "L", across(point), up(point)));
        }
        boolean hasDots = curve.points().stream().anyMatch(point -> point.share() > 0);
        return "<path class=\"line k%d%s\" stroke-dasharray=\"%s\" d=\"%s\"/>"
                        .formatted(number % 4, hasDots ? " thin" : "", DASHES.get(number % 4), path)
                + dots(curve, number);
    }

    private String dots(Curve curve, int number) {
        StringBuilder dots = new StringBuilder();
        for (Point point : curve.points()) {
            if (point.share() > 0) {
                dots.append(String.format(
                        Locale.ROOT,
                        "<circle class=\"dot k%d\" r=\"%.1f\" cx=\"%.1f\" cy=\"%.1f\"/>",
                        number % 4,
                        Math.max(SMALLEST_DOT, LARGEST_DOT * Math.sqrt(point.share())),
                        across(point),
                        up(point)));
            }
        }
        return dots.toString();
    }

    private double across(Point point) {
        return LEFT + point.x() / extent.right() * SIDE;
    }

    private double up(Point point) {
        return TOP + SIDE - point.y() / extent.top() * SIDE;
    }
}
