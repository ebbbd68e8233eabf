package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.Tensor;
import java.nio.FloatBuffer;

/**
 * Who may see whom, as numbers added to the scores. Rows are padded on the left. A prompt is seen whole by all of its
 * tokens, in sliding layers too; a later token sees what stands before it, in sliding layers the last {@code window}
 * columns with itself.
 *
 * @param padding columns before each row's first token
 */
record AttentionMask(int[] padding, int window) {

    /** Hides a column; finite, so that a row that sees nothing still has a softmax. */
    private static final float HIDDEN = -Float.MAX_VALUE;

    /** Of all prompt tokens: the same for each, so [rows, 1, 1, columns]. */
    Tensor prompt(int columns) {
        Tensor mask = Tensor.allocate(ElementType.FLOAT32, padding.length, 1, 1, columns);
        FloatBuffer values = mask.buffer().asFloatBuffer();
        for (int hidden : padding) {
            putColumns(values, columns, hidden, columns);
        }
        return mask;
    }

    /** Of one new token in the last of {@code columns}, [rows, 1, 1, columns]. */
    Tensor step(int columns, AttentionSpan span) {
        Tensor mask = Tensor.allocate(ElementType.FLOAT32, padding.length, 1, 1, columns);
        FloatBuffer values = mask.buffer().asFloatBuffer();
        for (int hidden : padding) {
            putColumns(values, columns, Math.max(hidden, firstSeen(columns - 1, span)), columns);
        }
        return mask;
    }

    /** Of prompts followed by suffixes from column {@code prefix} on, [rows, 1, columns, columns]. */
    Tensor suffix(int prefix, int columns, AttentionSpan span) {
        Tensor mask = Tensor.allocate(ElementType.FLOAT32, padding.length, 1, columns, columns);
        FloatBuffer values = mask.buffer().asFloatBuffer();
        for (int hidden : padding) {
            for (int column = 0; column < columns; column++) {
                boolean ofPrompt = column < prefix;
                int from = ofPrompt ? hidden : Math.max(hidden, firstSeen(column, span));
                putColumns(values, columns, from, ofPrompt ? prefix : column + 1);
            }
        }
        return mask;
    }

    private int firstSeen(int column, AttentionSpan span) {
        return switch (span) {
            case ALL -> 0;
            case WINDOW -> Math.max(0, column - window + 1);
        };
    }

    private static void putColumns(FloatBuffer values, int columns, int from, int to) {
        for (int column = 0; column < columns; column++) {
            values.put(column >= from && column < to ? 0 : HIDDEN);
        }
    }
}
