package io.palispark.paligemma;

import io.palispark.token.LabelProblem;
import io.palispark.token.PromptClasses;
import io.palispark.token.SegmentationCodes;
import java.util.List;
import java.util.Set;

/**
 * The tokens that an answer of objects is written with.
 *
 * @param ends any of which ends the answer
 * @param segments of an object: none in detection, else {@value SegmentationCodes#COUNT}
 * @param label where labels begin
 */
record ObjectTokens(PaliGemmaTokenizer tokenizer, Set<Integer> ends, int segments, LabelPlace label) {

    private static final int LOCATIONS = 4;

    /** For the answers to a prompt; its classes are the only labels, or any words where it names none. */
    static ObjectTokens of(PaliGemmaTokenizer tokenizer, Set<Integer> ends, PromptClasses asked) {
        int segments = switch (asked.task()) {
            case DETECT -> 0;
            case SEGMENT -> SegmentationCodes.COUNT;
        };
        List<String> classes = asked.classes().stream()
                .filter(name -> LabelProblem.of(name).isEmpty())
                .toList();
        LabelPlace label = classes.isEmpty()
                ? LabelPlace.ofAnyWords(tokenizer, LOCATIONS + segments)
                : LabelPlace.ofClasses(tokenizer, classes, LOCATIONS + segments);
        return new ObjectTokens(tokenizer, ends.isEmpty() ? Set.of(tokenizer.endId()) : ends, segments, label);
    }

    /** Fewest tokens of an answer with one object, the end token included. */
    int shortestObject() {
        return LOCATIONS + segments + label.shortest();
    }

    int location(int bin) {
        return tokenizer.locationId(bin);
    }

    int segment(int code) {
        return tokenizer.segmentId(code);
    }

    int bin(int id) {
        return tokenizer
                .locationBin(id)
                .orElseThrow(() ->
                        new IllegalArgumentException("Cannot go on with token " + id + ": a location is needed here"));
    }
}
