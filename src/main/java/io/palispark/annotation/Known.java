package io.palispark.annotation;

import java.io.Serializable;
import java.util.Collection;
import java.util.List;

/**
 * What an image's annotations say about classes without an object on it.
 *
 * @param complete true where every class without an object is absent
 * @param absent classes that are known to be absent where the annotations are not complete, sorted
 * @param partial classes that are there and of which only some objects are annotated, sorted
 * @param unsure classes that may be there although no usable object says so, sorted; they are never absent
 */
public record Known(boolean complete, List<String> absent, List<String> partial, List<String> unsure)
        implements Serializable {

    /** Every object of every class is annotated. */
    public static final Known EVERYTHING = new Known(true, List.of(), List.of(), List.of());

    public Known {
        absent = List.copyOf(absent);
        partial = List.copyOf(partial);
        unsure = List.copyOf(unsure);
    }

    /** Only these classes are known to be absent, and these to be annotated in part; of all others nothing is known. */
    public static Known of(List<String> absent, List<String> partial) {
        return new Known(false, absent, partial, List.of());
    }

    /** This, but for classes that may be there. */
    public Known unsureOf(Collection<String> labels) {
        return labels.isEmpty()
                ? this
                : new Known(
                        complete,
                        absent,
                        partial,
                        labels.stream().distinct().sorted().toList());
    }

    /** True when a class without an object here may be asked for as one that is not there. */
    public boolean isAbsent(String label) {
        return (complete || absent.contains(label)) && !unsure.contains(label);
    }
}
