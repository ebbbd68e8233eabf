package io.palispark.paligemma;

import io.palispark.token.TokenVocabulary;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Answers of objects: four locations whose corners are in order, sixteen segments where masks are asked for, a label,
 * and the separator and the next object, or the end. An object is begun only where it can be finished, so the limit of
 * tokens cuts none.
 */
final class ObjectGrammar implements TokenGrammar {

    private static final int FAR_EDGE = TokenVocabulary.LOCATIONS - 1;

    private final ObjectTokens tokens;
    private final Place place;

    /** Tokens that may still be written. */
    private final int room;

    private ObjectGrammar(ObjectTokens tokens, Place place, int room) {
        this.tokens = tokens;
        this.place = place;
        this.room = room;
    }

    static ObjectGrammar of(ObjectTokens tokens, int room) {
        return new ObjectGrammar(tokens, new Start(), room);
    }

    @Override
    public void mask(float[] logits) {
        int[] ids = allowed(room);
        float[] values = new float[ids.length];
        for (int i = 0; i < ids.length; i++) {
            values[i] = logits[ids[i]];
        }
        Arrays.fill(logits, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < ids.length; i++) {
            logits[ids[i]] = values[i];
        }
    }

    @Override
    public TokenGrammar after(int id) {
        return new ObjectGrammar(tokens, place.after(tokens, id), room - 1);
    }

    @Override
    public boolean isFull(float[] logits) {
        return best(logits, allowed(room)) != best(logits, allowed(Integer.MAX_VALUE));
    }

    /** Where a table has this grammar; its states are added where they are new. */
    GrammarTable.Place in(GrammarTable table) {
        ObjectStates states = table.states(tokens);
        return place.at(states, room);
    }

    private int[] allowed(int within) {
        IdBuffer ids = new IdBuffer();
        place.allow(tokens, within, ids::add);
        return ids.toArray();
    }

    private static int best(float[] logits, int[] ids) {
        int best = ids[0];
        for (int id : ids) {
            best = logits[id] > logits[best] ? id : best;
        }
        return best;
    }

    /** How far an answer is. */
    private sealed interface Place {

        /** Gives the tokens that may come next and lead to an end within {@code room} tokens. */
        void allow(ObjectTokens tokens, int room, IntConsumer allowed);

        Place after(ObjectTokens tokens, int id);

        GrammarTable.Place at(ObjectStates states, int room);
    }

    /** Nothing is written yet; the answer may stay empty. */
    private record Start() implements Place {
        @Override
        public void allow(ObjectTokens tokens, int room, IntConsumer allowed) {
            tokens.ends().forEach(allowed::accept);
            if (tokens.shortestObject() <= room) {
                new Corners(0, 0, 0).allow(tokens, room, allowed);
            }
        }

        @Override
        public Place after(ObjectTokens tokens, int id) {
            return tokens.ends().contains(id) ? new End() : new Corners(0, 0, 0).after(tokens, id);
        }

        @Override
        public GrammarTable.Place at(ObjectStates states, int room) {
            return new GrammarTable.Place(states.start(), 0, 0, room);
        }
    }

    /** The answer is over; there is no token after it. */
    private record End() implements Place {
        @Override
        public void allow(ObjectTokens tokens, int room, IntConsumer allowed) {}

        @Override
        public Place after(ObjectTokens tokens, int id) {
            throw new IllegalStateException("Cannot go on with token " + id + ": the answer is over");
        }

        @Override
        public GrammarTable.Place at(ObjectStates states, int room) {
            throw new IllegalStateException("Cannot go on: the answer is over");
        }
    }

    /**
     * In the locations of an object.
     *
     * @param count locations written
     * @param top first bin, 0 before it is written
     * @param left second bin, 0 before it is written
     */
    private record Corners(int count, int top, int left) implements Place {
        @Override
        public void allow(ObjectTokens tokens, int room, IntConsumer allowed) {
            boolean first = count < 2;
            int from = first ? 0 : (count == 2 ? top : left) + 1;
            int to = first ? FAR_EDGE - 1 : FAR_EDGE;
            for (int bin = from; bin <= to; bin++) {
                allowed.accept(tokens.location(bin));
            }
        }

        @Override
        public Place after(ObjectTokens tokens, int id) {
            int bin = tokens.bin(id);
            return switch (count) {
                case 0 -> new Corners(1, bin, 0);
                case 1 -> new Corners(2, top, bin);
                case 2 -> new Corners(3, top, left);
                default -> tokens.segments() == 0 ? new Label(tokens.label()) : new Segments(0);
            };
        }

        @Override
        public GrammarTable.Place at(ObjectStates states, int room) {
            return new GrammarTable.Place(states.corner(count), top, left, room);
        }
    }

    /** @param count segments written */
    private record Segments(int count) implements Place {
        @Override
        public void allow(ObjectTokens tokens, int room, IntConsumer allowed) {
            for (int code = 0; code < TokenVocabulary.SEGMENTS; code++) {
                allowed.accept(tokens.segment(code));
            }
        }

        @Override
        public Place after(ObjectTokens tokens, int id) {
            return count + 1 == tokens.segments() ? new Label(tokens.label()) : new Segments(count + 1);
        }

        @Override
        public GrammarTable.Place at(ObjectStates states, int room) {
            return new GrammarTable.Place(states.segment(count), 0, 0, room);
        }
    }

    private record Label(LabelPlace at) implements Place {
        @Override
        public void allow(ObjectTokens tokens, int room, IntConsumer allowed) {
            at.allow(room, allowed);
            if (at.complete()) {
                tokens.ends().forEach(allowed::accept);
            }
            if (at.separated()) {
                new Corners(0, 0, 0).allow(tokens, room, allowed);
            }
        }

        @Override
        public Place after(ObjectTokens tokens, int id) {
            if (at.complete() && tokens.ends().contains(id)) {
                return new End();
            }
            return at.separated() ? new Corners(0, 0, 0).after(tokens, id) : new Label(at.after(id));
        }

        @Override
        public GrammarTable.Place at(ObjectStates states, int room) {
            return new GrammarTable.Place(states.label(at), 0, 0, room);
        }
    }
}
