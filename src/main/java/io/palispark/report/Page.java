package io.palispark.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One self-contained page, built section by section; light and dark, printable, readable without a script. */
public final class Page {

    private static final String STYLE = """
            :root{color-scheme:light dark;--ink:#1c1c1e;--paper:#fbfaf7;--line:#d8d4ca;--soft:#6b675f;--bar:#0072b2}
            @media(prefers-color-scheme:dark){:root{--ink:#ecebe7;--paper:#17171a;--line:#3a3a40;--soft:#a5a29b;--bar:#56b4e9}}
            body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:72rem;margin:2rem auto;padding:0 1rem}
            h1{font-size:1.7rem;margin:0 0 .3rem}h2{margin:2.2rem 0 .6rem;border-bottom:1px solid var(--line)}
            table{border-collapse:collapse;margin:.6rem 0}th,td{padding:.25rem .8rem;text-align:left;border-bottom:1px solid var(--line)}
            td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
            .notice{border-left:4px solid #d55e00;padding:.4rem .8rem;background:color-mix(in srgb,#d55e00 10%,var(--paper))}
            .pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));gap:1rem}
            figure{margin:0}.picture{position:relative;background:var(--line)}.picture img{display:block;width:100%}
            .picture svg{display:block;width:100%}.picture img+svg{position:absolute;inset:0;height:100%}
            .picture text{font:600 13px system-ui,sans-serif;paint-order:stroke;stroke:#000;stroke-width:3px}
            .chart svg{width:100%;max-width:46rem}.chart rect{fill:var(--bar)}.chart text{font:13px system-ui,sans-serif;fill:var(--ink)}
            figcaption{color:var(--soft);font-size:.85rem;overflow-wrap:anywhere}figcaption code{display:block;margin-top:.2rem}
            nav{display:flex;gap:.3rem 1.2rem;flex-wrap:wrap;margin:0 0 1.5rem;padding-bottom:.5rem;border-bottom:1px solid var(--line)}
            nav a{color:inherit}nav a[aria-current]{font-weight:700;text-decoration:none}
            :focus-visible{outline:3px solid var(--bar);outline-offset:2px}
            .curves{display:flex;flex-wrap:wrap;gap:1rem}.curve{flex:0 1 24rem}.line{fill:none;stroke:var(--bar);stroke-width:2.5}.chart .grid{fill:none;stroke:var(--line)}
            .chart .mark{fill:none;stroke:#d55e00;stroke-width:2;stroke-dasharray:5 3}
            .line.thin{stroke-width:1}.line.k1{stroke:#d55e00}.line.k2{stroke:#009e73}.line.k3{stroke:#cc79a7}
            .dot{fill:var(--bar)}.dot.k1{fill:#d55e00}.dot.k2{fill:#009e73}.dot.k3{fill:#cc79a7}.keys{display:block}
            .key{white-space:nowrap;margin-right:.7rem}.key::before{content:"";display:inline-block;width:1.1rem;height:3px;margin-right:.3rem;vertical-align:middle;background:var(--bar)}
            .key.k1::before{background:#d55e00}.key.k2::before{background:#009e73}.key.k3::before{background:#cc79a7}
            .wide{overflow-x:auto}.heat td.number{background:color-mix(in srgb,var(--bar) var(--share),var(--paper))}caption{text-align:left;color:var(--soft);padding:.2rem 0}
            pre{overflow-x:auto;background:color-mix(in srgb,var(--line) 35%,var(--paper));padding:.8rem;font-size:.85rem}
            .controls{display:flex;flex-wrap:wrap;gap:.6rem 1.4rem;align-items:center;margin:1rem 0}.pager{margin-left:auto}
            select,button{font:inherit;padding:.15rem .5rem}
            .grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,26rem),1fr));gap:1.4rem}.pair{display:grid;grid-template-columns:1fr 1fr;gap:.4rem}
            .defects{color:#b34700}@media(prefers-color-scheme:dark){.defects{color:#ff9d57}}small{color:var(--soft)}.prefix{font-weight:600}
            summary{cursor:pointer}
            @media print{:root{--ink:#1c1c1e;--paper:#fff;--line:#d8d4ca;--soft:#6b675f;--bar:#0072b2;color-scheme:light}html{font-size:11px}body{font-size:1rem;margin:0;max-width:none}}
            @media print{@page{margin:14mm}.curve{flex:0 1 46%}td.number,th.number{overflow-wrap:normal;padding:.15rem .3rem}thead,caption{break-after:avoid}}
            @media print{nav,.controls{display:none}.grid{grid-template-columns:1fr 1fr}.wide{overflow:visible}th,td{padding:.15rem .4rem;overflow-wrap:anywhere}th:first-child{min-width:6rem}h2{break-after:avoid}tr{break-inside:avoid}}
            @media print{.pictures{grid-template-columns:repeat(3,1fr)}figure{break-inside:avoid}}
            """;

    private static final int NARROW_COLUMNS = 4;

    private final String title;
    private final StringBuilder body = new StringBuilder();
    private final StringBuilder navigation = new StringBuilder();
    private final Map<String, Integer> regions = new HashMap<>();
    private String heading;
    private String scripts = "'none'";

    public Page(String title, String subtitle) {
        this.title = title;
        this.heading = title;
        body.append("<h1>%s</h1><p>%s</p>\n".formatted(Html.text(title), Html.text(subtitle)));
    }

    /** Links to the pages of one folder, the title of this one marked. */
    public Page navigation(List<Link> links) {
        navigation.append("<nav aria-label=\"Pages\">");
        for (Link link : links) {
            navigation.append("<a href=\"%s\"%s>%s</a>"
                    .formatted(
                            Html.text(link.file()),
                            link.name().equals(title) ? " aria-current=\"page\"" : "",
                            Html.text(link.name())));
        }
        navigation.append("</nav>\n");
        return this;
    }

    /** @param file a page beside this one */
    public record Link(String name, String file) {}

    public Page section(String heading) {
        this.heading = heading;
        body.append("<h2>%s</h2>\n".formatted(Html.text(heading)));
        return this;
    }

    public Page paragraph(String text) {
        body.append("<p>%s</p>\n".formatted(Html.text(text)));
        return this;
    }

    /** A paragraph that must not be overlooked. */
    public Page notice(String text) {
        body.append("<p class=\"notice\">%s</p>\n".formatted(Html.text(text)));
        return this;
    }

    /** A table; columns that hold nothing but numbers, {@code n/a} and empty cells are set to the right. */
    public Page table(List<String> header, List<List<String>> rows) {
        // a table that may be wider than the window is scrolled by keys too
        body.append(
                header.size() > NARROW_COLUMNS
                        ? "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table><thead><tr>"
                                .formatted(Html.text(region()))
                        : "<div class=\"wide\"><table><thead><tr>");
        for (int column = 0; column < header.size(); column++) {
            body.append(
                    "<th scope=\"col\"%s>%s</th>".formatted(alignment(rows, column), Html.text(header.get(column))));
        }
        body.append("</tr></thead><tbody>\n");
        for (List<String> row : rows) {
            body.append("<tr>");
            for (int column = 0; column < row.size(); column++) {
                body.append("<td%s>%s</td>".formatted(alignment(rows, column), Html.text(row.get(column))));
            }
            body.append("</tr>\n");
        }
        body.append("</tbody></table></div>\n");
        return this;
    }

    /** A name for those who hear the page: the section's, numbered where it has several such parts. */
    private String region() {
        int number = regions.merge(heading, 1, Integer::sum);
        return number == 1 ? heading : heading + ", " + number;
    }

    private static String alignment(List<List<String>> rows, int column) {
        return rows.stream().allMatch(row -> row.get(column).matches("-?[0-9.]+|n/a|")) ? " class=\"number\"" : "";
    }

    public Page chart(BarChart chart) {
        body.append(chart.html());
        return this;
    }

    public Page histogram(Histogram histogram) {
        body.append(histogram.html());
        return this;
    }

    /** Charts side by side where there is room. */
    public Page charts(List<LineChart> charts) {
        body.append("<div class=\"curves\">\n");
        charts.forEach(chart -> body.append(chart.html()));
        body.append("</div>\n");
        return this;
    }

    public Page heat(HeatTable table) {
        body.append(table.html(region()));
        return this;
    }

    /**
     * Text as it stands, such as a configuration, shown when its name is opened.
     */
    public Page preformatted(String name, String text) {
        body.append(
                "<details><summary>%s</summary><pre tabindex=\"0\" role=\"region\" aria-label=\"%s\">%s</pre></details>\n"
                        .formatted(Html.text(name), Html.text(name), Html.text(text)));
        return this;
    }

    /** At most one a page: its script knows its elements by their ids. */
    public Page grid(PictureGrid grid) {
        body.append(grid.html());
        scripts = PictureGrid.policy();
        return this;
    }

    public Page pictures(List<PictureCard> cards) {
        body.append("<div class=\"pictures\">\n");
        new ArrayList<>(cards).forEach(card -> body.append(card.html()));
        body.append("</div>\n");
        return this;
    }

    /** The whole page as UTF-8 HTML. */
    public String html() {
        return """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; script-src %s">
                <title>%s</title><style>
                %s</style></head><body>%s<main>
                %s</main></body></html>
                """.formatted(scripts, Html.text(title), STYLE, navigation, body);
    }
}
