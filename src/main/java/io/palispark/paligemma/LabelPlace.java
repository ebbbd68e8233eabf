package io.palispark.paligemma;

import java.util.BitSet;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/**
 * A place in the label of an object: what has been written of it is the way here. Labels of a prompt that names its
 * classes form a tree of their tokens, each once alone and once with the separator behind it, because a tokenizer may
 * join the two; any other label is a run of word tokens.
 */
final class LabelPlace {

    private static final int ENDLESS = Integer.MAX_VALUE / 2;

    private final Map<Integer, LabelPlace> next = new TreeMap<>();
    private BitSet words = new BitSet();
    private LabelPlace afterWord = this;
    private boolean complete;
    private boolean separated;
    private int shortest;

    private LabelPlace() {}

    /**
     * Where the labels of named classes begin.
     *
     * @param classes none of them empty, fit for a suffix
     * @param objectTokens tokens of an object without its label
     */
    static LabelPlace ofClasses(PaliGemmaTokenizer tokenizer, Iterable<String> classes, int objectTokens) {
        LabelPlace start = new LabelPlace();
        for (String name : classes) {
            start.walk(tokenizer.ids(" " + name)).complete = true;
            start.walk(tokenizer.ids(" " + name + " ; ")).separated = true;
        }
        start.measure(ENDLESS);
        start.measure(objectTokens + start.shortest);
        return start;
    }

    /** Where a label of any words begins. */
    static LabelPlace ofAnyWords(PaliGemmaTokenizer tokenizer, int objectTokens) {
        LabelPlace start = new LabelPlace();
        LabelPlace inside = new LabelPlace();
        start.words = tokenizer.wordStarts();
        start.afterWord = inside;
        inside.words = tokenizer.wordParts();
        inside.complete = true;
        LabelPlace separator = inside.walk(tokenizer.ids(" ; "));
        separator.separated = true;
        inside.shortest = 1;
        start.shortest = 2;
        inside.next.values().forEach(place -> place.measure(objectTokens + start.shortest));
        return start;
    }

    private LabelPlace walk(int[] ids) {
        LabelPlace place = this;
        for (int id : ids) {
            place = place.next.computeIfAbsent(id, absent -> new LabelPlace());
        }
        return place;
    }

    /** @param again fewest tokens of a further object, its label and the end token */
    private void measure(int again) {
        shortest = complete ? 1 : separated ? again : ENDLESS;
        for (LabelPlace place : next.values()) {
            place.measure(again);
            shortest = Math.min(shortest, 1 + place.shortest);
        }
    }

    /** Fewest tokens to the end of the answer, the end token included. */
    int shortest() {
        return shortest;
    }

    /** Whether the label is said, so that the answer may end. */
    boolean complete() {
        return complete;
    }

    /** Whether label and separator are said, so that an object may begin. */
    boolean separated() {
        return separated;
    }

    /** Places by the token that leads to them; such a token leads nowhere else, even if it is a word. */
    Map<Integer, LabelPlace> next() {
        return Collections.unmodifiableMap(next);
    }

    /** Tokens that lead to {@link #afterWord}; not to be changed. */
    BitSet words() {
        return words;
    }

    LabelPlace afterWord() {
        return afterWord;
    }

    /** Gives the tokens that go on with the label or the separator and lead to an end within {@code room} tokens. */
    void allow(int room, IntConsumer allowed) {
        if (!words.isEmpty() && afterWord.shortest < room) {
            words.stream().forEach(allowed);
        }
        next.forEach((id, place) -> {
            if (place.shortest < room) {
                allowed.accept(id);
            }
        });
    }

    LabelPlace after(int id) {
        LabelPlace place = next.get(id);
        if (place != null) {
            return place;
        }
        if (words.get(id)) {
            return afterWord;
        }
        throw new IllegalArgumentException("Cannot go on with token " + id + ": it is not allowed here");
    }
}
