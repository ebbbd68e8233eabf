package io.palispark.annotation;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The questions of a file until their answers come: about 60 bytes a question beside its text. */
final class QuestionStore {

    /** What is known of a question. */
    enum State {
        OPEN,
        /** The question itself is unusable and has its reject. */
        REJECTED,
        /** An answer row has come, good or bad. */
        ANSWERED
    }

    private static final char SEPARATOR = '\n';

    private final IdIndex index = new IdIndex();
    private byte[][] texts = new byte[1024][];
    private int[] sequences = new int[1024];
    private State[] states = new State[1024];
    private boolean[] quoted = new boolean[1024];
    private int size;

    /** Keeps a question under a number; false when the id has one. */
    boolean add(RowId id, RowId image, String question, int sequence, State state) {
        if (index.putIfAbsent(id.text(), size + 1) != IdIndex.ABSENT) {
            return false;
        }
        if (size == texts.length) {
            texts = Arrays.copyOf(texts, 2 * size);
            sequences = Arrays.copyOf(sequences, 2 * size);
            states = Arrays.copyOf(states, 2 * size);
            quoted = Arrays.copyOf(quoted, 2 * size);
        }
        texts[size] = (id.text() + SEPARATOR + image.text() + SEPARATOR + question).getBytes(StandardCharsets.UTF_8);
        sequences[size] = sequence;
        states[size] = state;
        quoted[size] = id.quoted();
        size++;
        return true;
    }

    int size() {
        return size;
    }

    /** Number of the question, -1 when there is none. */
    int find(String id) {
        return index.get(id) - 1;
    }

    State state(int number) {
        return states[number];
    }

    void answered(int number) {
        states[number] = State.ANSWERED;
    }

    boolean isQuoted(int number) {
        return quoted[number];
    }

    int sequence(int number) {
        return sequences[number];
    }

    String id(int number) {
        return part(number, 0);
    }

    String image(int number) {
        return part(number, 1);
    }

    String question(int number) {
        return part(number, 2);
    }

    private String part(int number, int position) {
        return new String(texts[number], StandardCharsets.UTF_8).split(String.valueOf(SEPARATOR), -1)[position];
    }
}
