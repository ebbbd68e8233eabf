package io.palispark.report;

import java.util.List;
import java.util.Locale;

/**
 * Counts with a shade for their share of the row.
 *
 * @param caption what rows and columns are
 * @param rows names
 * @param columns names
 * @param counts row by row
 */
public record HeatTable(String caption, List<String> rows, List<String> columns, List<List<Long>> counts) {

    /** @param region name of the part of the page that the table is */
    String html(String region) {
        StringBuilder html = new StringBuilder("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(Html.text(region))
                .append("\"><table class=\"heat\"><caption>")
                .append(Html.text(caption))
                .append("</caption><thead><tr><th scope=\"col\">annotated</th>");
        columns.forEach(column ->
                html.append("<th scope=\"col\">").append(Html.text(column)).append("</th>"));
        html.append("</tr></thead><tbody>\n");
        for (int row = 0; row < rows.size(); row++) {
            long sum = counts.get(row).stream().mapToLong(Long::longValue).sum();
            html.append("<tr><th scope=\"row\">")
                    .append(Html.text(rows.get(row)))
                    .append("</th>");
            for (long count : counts.get(row)) {
                html.append(String.format(
                        Locale.ROOT,
                        "<td class=\"number\" style=\"--share:%.0f%%\">%s</td>",
                        sum == 0 ? 0 : 45.0 * count / sum,
                        count == 0 ? "" : Long.toString(count)));
            }
            html.append("</tr>\n");
        }
        return html.append("</tbody></table></div>\n").toString();
    }
}
