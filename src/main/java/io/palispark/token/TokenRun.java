package io.palispark.token;

import java.util.Arrays;

/** Consecutive location tokens, or consecutive segmentation tokens, of a text. */
final class TokenRun {

    private final int[] values;
    private final int[] starts;
    private final int count;

    private TokenRun(int[] values, int[] starts, int count) {
        this.values = values;
        this.starts = starts;
        this.count = count;
    }

    /** Reads all tokens of the lexer's current kind and leaves it at the first lexeme of another kind. */
    static TokenRun read(SuffixLexer lexer) {
        SuffixLexer.Kind kind = lexer.kind();
        int[] values = new int[SegmentationCodes.COUNT];
        int[] starts = new int[SegmentationCodes.COUNT];
        int count = 0;
        while (lexer.kind() == kind) {
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
                starts = Arrays.copyOf(starts, 2 * count);
            }
            values[count] = lexer.value();
            starts[count++] = lexer.start();
            lexer.advance();
        }
        return new TokenRun(values, starts, count);
    }

    /** The first tokens of this run, as many as there are up to a limit. */
    TokenRun first(int limit) {
        return new TokenRun(values, starts, Math.min(count, limit));
    }

    int count() {
        return count;
    }

    int start() {
        return starts[0];
    }

    /** Index in the text of the token's first character. */
    int start(int index) {
        return starts[index];
    }

    int value(int index) {
        return values[index];
    }

    int[] values() {
        return Arrays.copyOf(values, count);
    }

    boolean malformed() {
        return Arrays.stream(values, 0, count).anyMatch(value -> value == SuffixLexer.MALFORMED);
    }

    int largest() {
        return Arrays.stream(values, 0, count).max().orElse(0);
    }
}
