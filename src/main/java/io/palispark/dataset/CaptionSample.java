package io.palispark.dataset;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Captions to be compared with each other. Of more captions than it takes it holds those whose image and text have the
 * smallest stable hashes, so the choice depends neither on their order nor on how they were spread over parts.
 */
public final class CaptionSample implements Serializable {

    private static final long serialVersionUID = 1L;

    private final int most;
    private final PriorityQueue<Hashed> kept = new PriorityQueue<>(Hashed.LARGEST_FIRST);
    private long seen;

    /** @param most captions that are held; comparing takes time with its square, about a second for 4,000 */
    public CaptionSample(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("Cannot hold " + most + " captions: at least 1 is needed");
        }
        this.most = most;
    }

    /** @param image name of the picture that the text describes */
    public record Caption(String image, String text) implements Serializable {}

    private record Hashed(long hash, Caption caption) implements Serializable {

        static final Comparator<Hashed> LARGEST_FIRST = new LargestFirst();

        /** A class of its own because the queue is written with its comparator. */
        private static final class LargestFirst implements Comparator<Hashed>, Serializable {

            private static final long serialVersionUID = 1L;

            @Override
            public int compare(Hashed one, Hashed other) {
                int order = Long.compare(other.hash, one.hash);
                order = order != 0 ? order : other.caption.image().compareTo(one.caption.image());
                return order != 0 ? order : other.caption.text().compareTo(one.caption.text());
            }
        }
    }

    public void add(Caption caption) {
        seen++;
        add(new Hashed(StableHash.of("caption", caption.image(), caption.text()), caption));
    }

    /** Adds what another part has seen. */
    public void addAll(CaptionSample other) {
        seen += other.seen;
        other.kept.forEach(this::add);
    }

    private void add(Hashed caption) {
        kept.add(caption);
        if (kept.size() > most) {
            kept.remove();
        }
    }

    /** How many captions were added, held or not. */
    public long seen() {
        return seen;
    }

    /** The captions that are held, by ascending hash. */
    public List<Caption> captions() {
        List<Hashed> ordered = new ArrayList<>(kept);
        ordered.sort(Hashed.LARGEST_FIRST.reversed());
        return ordered.stream().map(Hashed::caption).toList();
    }
}
