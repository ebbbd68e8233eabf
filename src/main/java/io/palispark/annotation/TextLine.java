package io.palispark.annotation;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A text that is to become one line of a prompt or suffix.
 *
 * @param text trimmed, line breaks and tabs replaced by one blank; unusable when a defect rejects
 * @param defects in a fixed order; a reject is the only one
 */
record TextLine(String text, List<Defect> defects) {

    private static final Pattern TOKEN = Pattern.compile("<(loc\\d{4}|seg\\d{3})>");

    static TextLine of(String stated, ReadLimits limits) {
        String trimmed = trim(stated);
        if (trimmed.isEmpty()) {
            return rejected(ReasonCode.TEXT_EMPTY, "the text is blank: " + Defect.quote(stated));
        }
        if (trimmed.length() > limits.textLength()) {
            return rejected(
                    ReasonCode.TEXT_TOO_LONG,
                    trimmed.length() + " characters, more than " + limits.textLength() + ": " + Defect.quote(trimmed));
        }
        if (trimmed.codePoints().allMatch(TextLine::isPrintable)) {
            return new TextLine(trimmed, tokenWarning(trimmed));
        }
        return oneLine(trimmed);
    }

    private static TextLine oneLine(String trimmed) {
        StringBuilder line = new StringBuilder(trimmed.length());
        boolean breaks = false;
        boolean blankWanted = false;
        for (int point : trimmed.codePoints().toArray()) {
            if (isLineBreak(point) || point == '\t') {
                breaks |= point != '\t';
                blankWanted = true;
            } else if (!isPrintable(point)) {
                return rejected(ReasonCode.TEXT_CONTROL_CHARACTER, "character in " + Defect.quote(trimmed));
            } else if (!blankWanted || !isBlank(point)) {
                if (blankWanted && !isBlank(line.codePointBefore(line.length()))) {
                    line.append(' ');
                }
                blankWanted = false;
                line.appendCodePoint(point);
            }
        }
        List<Defect> defects = new ArrayList<>();
        defects.add(Defect.repair(
                breaks ? ReasonCode.TEXT_LINE_BREAK : ReasonCode.TEXT_CONTROL_CHARACTER,
                "replaced by a blank in " + Defect.quote(trimmed)));
        defects.addAll(tokenWarning(line.toString()));
        return new TextLine(line.toString(), defects);
    }

    boolean isRejected() {
        return defects.stream().anyMatch(defect -> defect.outcome().isReject());
    }

    /** True for characters that a one-line text may hold: no control, line separator or lone surrogate. */
    static boolean isPrintable(int point) {
        return !Character.isISOControl(point)
                && !isLineBreak(point)
                && !(point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    static boolean holdsToken(String text) {
        return TOKEN.matcher(text).find();
    }

    static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isBlank(int point) {
        return Character.isWhitespace(point) || Character.isSpaceChar(point) || point == 0x85 || point == 0xFEFF;
    }

    private static boolean isLineBreak(int point) {
        return (point >= '\n' && point <= '\r') || point == 0x85 || point == 0x2028 || point == 0x2029;
    }

    private static List<Defect> tokenWarning(String text) {
        return holdsToken(text)
                ? List.of(Defect.warn(
                        ReasonCode.CATEGORY_NAME_SEPARATOR, "the text would be read as a token: " + Defect.quote(text)))
                : List.of();
    }

    private static TextLine rejected(ReasonCode reason, String detail) {
        return new TextLine("", List.of(Defect.reject(reason, detail)));
    }
}
