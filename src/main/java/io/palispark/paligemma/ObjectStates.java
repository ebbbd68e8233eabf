package io.palispark.paligemma;

import io.palispark.token.TokenVocabulary;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Where the places of one {@link ObjectGrammar} are in a {@link GrammarTable}: the start, four corners, the segments and
 * every place of a label.
 */
final class ObjectStates {

    private static final int CORNERS = 4;

    private final ObjectTokens tokens;
    private final int start;
    private final Map<LabelPlace, Integer> labels = new IdentityHashMap<>();

    private ObjectStates(ObjectTokens tokens, int start) {
        this.tokens = tokens;
        this.start = start;
    }

    /** Adds the states of a grammar to a table. */
    static ObjectStates added(GrammarTable table, ObjectTokens tokens) {
        ObjectStates states = new ObjectStates(tokens, table.size());
        states.number(tokens.label());
        int none = table.group(new BitSet());
        table.add(states.corner(none, true, tokens.shortestObject(), 0));
        for (int corner = 0; corner < CORNERS; corner++) {
            table.add(states.corner(none, false, 0, corner));
        }
        BitSet codes = new BitSet();
        IntStream.range(0, TokenVocabulary.SEGMENTS).map(tokens::segment).forEach(codes::set);
        for (int written = 0; written < tokens.segments(); written++) {
            table.add(new GrammarTable.State(
                    table.group(codes), false, GrammarTable.Corner.NONE, 0, states.segment(written + 1), List.of()));
        }
        labelsInOrder(states).forEach(place -> table.add(states.label(table, place)));
        return states;
    }

    private static List<LabelPlace> labelsInOrder(ObjectStates states) {
        return states.labels.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    private void number(LabelPlace place) {
        if (!labels.containsKey(place)) {
            labels.put(place, firstLabel() + labels.size());
            place.next().values().forEach(this::number);
            number(place.afterWord());
        }
    }

    /** Before anything is written. */
    int start() {
        return start;
    }

    /** Where so many corners are written, 0 to 3. */
    int corner(int written) {
        return start + 1 + written;
    }

    /** Where so many segments are written; the label where there are no more. */
    int segment(int written) {
        return written == tokens.segments() ? firstLabel() : start + 1 + CORNERS + written;
    }

    int label(LabelPlace place) {
        return labels.get(place);
    }

    private int firstLabel() {
        return start + 1 + CORNERS + tokens.segments();
    }

    private GrammarTable.State corner(int group, boolean ends, int room, int written) {
        int next = written + 1 == CORNERS ? segment(0) : corner(written + 1);
        GrammarTable.Corner corner = GrammarTable.Corner.values()[written + 1];
        return new GrammarTable.State(group, ends, corner, room, next, List.of());
    }

    private GrammarTable.State label(GrammarTable table, LabelPlace place) {
        List<GrammarTable.Edge> edges = new ArrayList<>();
        place.next().forEach((id, next) -> edges.add(new GrammarTable.Edge(id, label(next), next.shortest() + 1)));
        boolean wordy = !place.words().isEmpty();
        LabelPlace after = place.afterWord();
        return new GrammarTable.State(
                table.group(place.words()),
                place.complete(),
                place.separated() ? GrammarTable.Corner.TOP : GrammarTable.Corner.NONE,
                wordy ? after.shortest() + 1 : 0,
                place.separated() ? corner(1) : wordy ? label(after) : start,
                edges);
    }
}
