package io.palispark.annotation;

import java.util.Locale;

/** What is wrong with a value, before it is known which row it belongs to. */
record Defect(ReasonCode reason, Outcome outcome, String detail) {

    private static final int MOST_CHARACTERS = 80;

    static Defect reject(ReasonCode reason, String detail) {
        return new Defect(reason, Outcome.REJECT_OBJECT, detail);
    }

    static Defect repair(ReasonCode reason, String detail) {
        return new Defect(reason, Outcome.REPAIR, detail);
    }

    static Defect warn(ReasonCode reason, String detail) {
        return new Defect(reason, Outcome.WARN, detail);
    }

    /** A stated text, short and printable, in quotation marks. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().limit(MOST_CHARACTERS).forEach(point -> {
            if (TextLine.isPrintable(point)) {
                quoted.appendCodePoint(point);
            } else {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", point));
            }
        });
        if (text.codePointCount(0, text.length()) > MOST_CHARACTERS) {
            quoted.append("...");
        }
        return quoted.append('"').toString();
    }
}
