package io.palispark.report;

/** Text for HTML: everything that did not come from this package goes through {@link #text}. */
final class Html {

    private Html() {}

    /** The text with all characters that mean something to HTML written as entities; safe in elements and attributes. */
    static String text(String foreign) {
        StringBuilder escaped = new StringBuilder(foreign.length() + 16);
        for (int i = 0; i < foreign.length(); i++) {
            char character = foreign.charAt(i);
            switch (character) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(character);
            }
        }
        return escaped.toString();
    }
}
