package io.palispark.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Pictures with the ground truth beside the prediction: sorted, filtered and paged in the browser. One file holds what
 * sorting and filtering need of all pictures; what a picture shows is loaded when it is looked at, from files of {@link
 * #PICTURES_PER_FILE} pictures, as scripts because pages that are opened from disk may load nothing else. The page's
 * script puts foreign text into the page as text only.
 *
 * @param index path of the file with {@link #indexScript}
 */
public record PictureGrid(String index) {

    /** How many neighbours in the index share a file of details. */
    public static final int PICTURES_PER_FILE = 20;

    private static final String SCRIPT = script();

    private static String script() {
        try (InputStream stream = PictureGrid.class.getResourceAsStream("picture-grid.js")) {
            if (stream == null) {
                throw new IllegalStateException("Cannot read picture-grid.js: it is not in the jar; build it again");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("Cannot read picture-grid.js from the jar", unreadable);
        }
    }

    /**
     * The content of the index.
     *
     * @param json {@code {"files": "data/pictures-", "pictures": [{"name", "iou", "score", "defects": [code], "labels":
     *     [name]}]}}: details are in the files {@code <files><number>.js}
     */
    public static String indexScript(String json) {
        return "palispark.index(" + json + ");\n";
    }

    /**
     * The content of a file of details.
     *
     * @param number of the file, from 0
     * @param json a list in the order of the index: {@code {"image", "width", "height", "truth": [shape], "predicted":
     *     [shape], "texts": [[prefix, text]]}} with shapes {@code {"label", "box": [x, y, width, height], "path",
     *     "score"}}
     */
    public static String detailsScript(int number, String json) {
        return "palispark.details(" + number + ", " + json + ");\n";
    }

    String html() {
        return """
                <form class="controls" id="controls">
                <label>Sort by <select id="sort"><option value="iou">IoU, worst first</option><option value="-iou">IoU, best first</option>\
                <option value="-defects">most defects</option><option value="score">score, lowest first</option>\
                <option value="-score">score, highest first</option><option value="name">name</option></select></label>
                <label>Class <select id="label"><option value="">all</option></select></label>
                <label>Defect <select id="defect"><option value="">all</option></select></label>
                <span class="pager"><button type="button" id="previous">Previous</button> <output id="place" aria-live="polite"></output> \
                <button type="button" id="next">Next</button></span>
                </form>
                <noscript><p class="notice">Sorting and paging of the pictures need a script, which this browser does not run.</p></noscript>
                <div class="grid" id="grid"></div>
                <script>%s</script>
                <script src="%s"></script>
                """.formatted(SCRIPT, Html.text(index));
    }

    /** What a content security policy must allow for {@link #html}. */
    static String policy() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(SCRIPT.getBytes(StandardCharsets.UTF_8));
            return "'self' 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Cannot hash: this Java runtime has no SHA-256", impossible);
        }
    }
}
