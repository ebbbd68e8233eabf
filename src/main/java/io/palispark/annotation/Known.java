package io.palispark.annotation;

import java.io.Serializable;
import java.util.List;

/**
 * What an image's annotations say about classes without an object on it.
 *
 * @param complete true where every class without an object is absent
 * @param absent classes that are known to be absent where the annotations are not complete, sorted
 * @param partial classes that are there and of which only some objects are annotated, sorted
 */
public record Known(boolean complete, List<String> absent, List<String> partial) implements Serializable {

    /** Every object of every class is annotated. */
    public static final Known EVERYTHING = new Known(true, List.of(), List.of());

    public Known {
        absent = List.copyOf(absent);
        partial = List.copyOf(partial);
    }

    /** Only these classes are known to be absent, and these to be annotated in part; of all others nothing is known. */
    public static Known of(List<String> absent, List<String> partial) {
        return new Known(false, absent, partial);
    }

    /** True when a class without an object here may be asked for as one that is not there. */
    public boolean isAbsent(String label) {
        return complete || absent.contains(label);
    }
}
