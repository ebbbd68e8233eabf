package io.palispark.token;

import java.io.Serializable;

/**
 * One thing wrong with a suffix.
 *
 * @param code what
 * @param at where it starts: index of the UTF-16 code unit in the text, 0-based
 * @param detail the text there, at most {@value #LONGEST_DETAIL} characters
 * @param tokens how many location and segmentation tokens of the text are in no object because of it
 */
public record SuffixDefect(SuffixDefectCode code, int at, String detail, int tokens) implements Serializable {

    /** Longest detail in characters. */
    public static final int LONGEST_DETAIL = 80;

    static SuffixDefect of(SuffixDefectCode code, int at, String text, int tokens) {
        int end = Math.min(text.length(), at + LONGEST_DETAIL);
        if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return new SuffixDefect(code, at, text.substring(at, end), tokens);
    }
}
