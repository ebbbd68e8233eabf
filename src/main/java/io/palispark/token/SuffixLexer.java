package io.palispark.token;

import java.util.List;

/**
 * Cuts a suffix into lexemes. White space around a lexeme belongs to none. Each character is looked at a bounded number
 * of times.
 */
final class SuffixLexer {

    enum Kind {
        LOCATION,
        SEGMENT,
        /** A semicolon or a line break. */
        SEPARATOR,
        /** {@code <bos>}, {@code <pad>} and the other control tokens that a decoder may leave in the text. */
        CONTROL,
        END_OF_SEQUENCE,
        TEXT,
        END_OF_TEXT
    }

    /** Value of a location or segment that is misspelled or cut. */
    static final int MALFORMED = -1;

    private static final List<String> CONTROLS = List.of("<bos>", "<pad>", "<unk>", "<mask>", "<image>");
    private static final String END_TOKEN = "<eos>";
    private static final String LOCATION_OPENING = "<loc";
    private static final String SEGMENT_OPENING = "<seg";

    private final String text;
    private int at;

    private Kind kind = Kind.TEXT;
    private int start;
    private int end;
    private int value;

    SuffixLexer(String text) {
        this.text = text;
        advance();
    }

    Kind kind() {
        return kind;
    }

    /** Index of the lexeme's first character. */
    int start() {
        return start;
    }

    /** The lexeme as written. */
    String lexeme() {
        return text.substring(start, end);
    }

    /** The number of a location or segment, in or out of range, or {@link #MALFORMED}. */
    int value() {
        return value;
    }

    void advance() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at)) && !isSeparator(text.charAt(at))) {
            at++;
        }
        start = at;
        kind = at == text.length() ? Kind.END_OF_TEXT : matched();
        if (kind == Kind.TEXT) {
            readText();
        }
        end = at;
        if (kind == Kind.TEXT) {
            trimEnd();
        }
    }

    /** Moves behind the token or separator that stands at the cursor; text leaves the cursor where it is. */
    private Kind matched() {
        char first = text.charAt(at);
        if (isSeparator(first)) {
            at++;
            return Kind.SEPARATOR;
        }
        if (first != '<') {
            return Kind.TEXT;
        }
        if (matchesNumbered(LOCATION_OPENING, 4)) {
            return Kind.LOCATION;
        }
        if (matchesNumbered(SEGMENT_OPENING, 3)) {
            return Kind.SEGMENT;
        }
        if (matchesWord(END_TOKEN)) {
            return Kind.END_OF_SEQUENCE;
        }
        return CONTROLS.stream().anyMatch(this::matchesWord) ? Kind.CONTROL : Kind.TEXT;
    }

    private boolean matchesWord(String word) {
        if (!text.startsWith(word, at)) {
            return false;
        }
        at += word.length();
        return true;
    }

    /** An opening and digits with or without the closing bracket; an opening alone where it is closed or the text ends. */
    private boolean matchesNumbered(String opening, int digits) {
        if (!text.startsWith(opening, at)) {
            return false;
        }
        int from = at + opening.length();
        int to = from;
        while (to < text.length() && text.charAt(to) >= '0' && text.charAt(to) <= '9') {
            to++;
        }
        boolean closed = to < text.length() && text.charAt(to) == '>';
        if (to == from && !closed && to < text.length()) {
            return false;
        }
        value = closed && to - from == digits ? Integer.parseInt(text, from, to, 10) : MALFORMED;
        at = closed ? to + 1 : to;
        return true;
    }

    private void readText() {
        do {
            at++;
        } while (at < text.length() && !startsLexeme());
    }

    private boolean startsLexeme() {
        int here = at;
        boolean starts = matched() != Kind.TEXT;
        at = here;
        return starts;
    }

    private void trimEnd() {
        while (Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
    }

    private static boolean isSeparator(char c) {
        return c == ';' || c == '\n' || c == '\r';
    }
}
