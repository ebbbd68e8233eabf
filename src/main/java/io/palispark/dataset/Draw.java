package io.palispark.dataset;

import java.io.Serializable;
import java.util.Map;

/**
 * Which pictures of a source are drawn, and how often their training rows are written. Everything follows from hashes of
 * names, so that a picture's fate does not depend on the order of work.
 *
 * @param source name of the source
 * @param seed another one draws other pictures
 * @param weight below 1 the share of the pictures that is drawn, above 1 how often rows of training are written on average
 * @param last the last position that is drawn, see {@link #position}
 * @param lastOfClass the same for classes that are asked for on a limited number of pictures; classes without an entry
 *     are not limited
 */
public record Draw(String source, long seed, double weight, long last, Map<String, Long> lastOfClass)
        implements Serializable {

    /** Positions are whole numbers from 0 to one below this. */
    public static final long POSITIONS = 1L << 53;

    public Draw {
        lastOfClass = Map.copyOf(lastOfClass);
    }

    /** A draw by weight alone. */
    public static Draw of(String source, long seed, double weight) {
        long last = weight < 1 ? (long) Math.ceil(weight * POSITIONS) - 1 : POSITIONS - 1;
        return new Draw(source, seed, weight, last, Map.of());
    }

    /** This draw, and of what it draws only the pictures up to a position. */
    public Draw upTo(long position) {
        return new Draw(source, seed, weight, Math.min(last, position), lastOfClass);
    }

    /** This draw with limited classes. */
    public Draw withClasses(Map<String, Long> lastPositions) {
        return new Draw(source, seed, weight, last, lastPositions);
    }

    /** Where a picture stands in the order in which they are drawn, uniform over {@link #POSITIONS}. */
    public long position(String picture) {
        return StableHash.of("draw", Long.toString(seed), source, picture) >>> 11;
    }

    /** Where a picture stands in the order in which a class gets them. */
    public long position(String label, String picture) {
        return StableHash.of("draw class", Long.toString(seed), source, label, picture) >>> 11;
    }

    public boolean draws(String picture) {
        return position(picture) <= last;
    }

    /** False where the class has got its pictures and this is none of them. */
    public boolean draws(String label, String picture) {
        Long limit = lastOfClass.get(label);
        return limit == null || position(label, picture) <= limit;
    }

    /** How often rows of a drawn picture are written where it is one of training; at least once. */
    public int copies(String picture) {
        if (weight <= 1) {
            return 1;
        }
        int whole = (int) weight;
        double share = StableHash.unit("copies", Long.toString(seed), source, picture);
        return share < weight - whole ? whole + 1 : whole;
    }
}
