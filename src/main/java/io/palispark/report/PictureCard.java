package io.palispark.report;

import java.util.List;
import java.util.Locale;

/**
 * A picture with what the tokens say drawn over it.
 *
 * @param title name of the picture
 * @param imageUri a data URI or a path beside the page; empty draws the outlines alone
 * @param height of the picture in pixels
 * @param width of the picture in pixels
 * @param lines texts below the picture
 */
public record PictureCard(
        String title, String imageUri, int height, int width, List<Outline> outlines, List<String> lines) {

    /** Colours that stay apart for colour-blind eyes (Okabe and Ito). */
    private static final List<String> COLOURS =
            List.of("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7");

    String html() {
        StringBuilder html = new StringBuilder("<figure><div class=\"picture\">");
        if (!imageUri.isEmpty()) {
            html.append("<img loading=\"lazy\" alt=\"")
                    .append(Html.text(title))
                    .append("\" src=\"")
                    .append(Html.text(imageUri))
                    .append("\">");
        }
        html.append("<svg aria-hidden=\"true\" viewBox=\"0 0 %d %d\">".formatted(width, height));
        for (int i = 0; i < outlines.size(); i++) {
            append(html, outlines.get(i), COLOURS.get(i % COLOURS.size()));
        }
        html.append("</svg></div><figcaption><strong>").append(Html.text(title)).append("</strong>");
        lines.forEach(line -> html.append("<code>").append(Html.text(line)).append("</code>"));
        return html.append("</figcaption></figure>\n").toString();
    }

    private static void append(StringBuilder html, Outline outline, String colour) {
        if (!outline.maskPath().isEmpty()) {
            html.append("<path fill=\"%s\" fill-opacity=\"0.5\" d=\"%s\"/>".formatted(colour, outline.maskPath()));
        }
        html.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
                outline.x(),
                outline.y(),
                outline.width(),
                outline.height(),
                colour));
        html.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>",
                outline.x() + 2,
                Math.max(12, outline.y() - 3),
                colour,
                Html.text(outline.label())));
    }
}
