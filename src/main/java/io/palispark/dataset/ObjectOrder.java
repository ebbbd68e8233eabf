package io.palispark.dataset;

import io.palispark.token.LocationBins;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The order of objects in a suffix. Every order is total: the same objects always come out the same way. */
public enum ObjectOrder {
    /** Top to bottom, then left to right, by location bins. */
    RASTER,
    /** Largest first. */
    AREA,
    /** Shuffled by a hash of seed, picture and object. */
    RANDOM,
    /** As in the annotation file. */
    SOURCE;

    private static final Comparator<EncodedObject> BY_SOURCE = Comparator.comparingLong(EncodedObject::sequence);

    private static final Comparator<EncodedObject> BY_RASTER = Comparator.comparing(
                    (EncodedObject object) -> object.suffix().box(),
                    Comparator.comparingInt(LocationBins::y1)
                            .thenComparingInt(LocationBins::x1)
                            .thenComparingInt(LocationBins::y2)
                            .thenComparingInt(LocationBins::x2))
            .thenComparing(EncodedObject::label)
            .thenComparing(BY_SOURCE);

    static final Comparator<EncodedObject> LARGEST_FIRST =
            Comparator.comparingDouble(EncodedObject::area).reversed().thenComparing(BY_RASTER);

    /** The objects of one picture in this order; {@code seed} matters to {@link #RANDOM} only. */
    public List<EncodedObject> sort(List<EncodedObject> objects, String image, long seed) {
        Comparator<EncodedObject> comparator = switch (this) {
            case RASTER -> BY_RASTER;
            case AREA -> LARGEST_FIRST;
            case RANDOM ->
                Comparator.comparingLong(
                                (EncodedObject object) -> StableHash.of(Long.toString(seed), image, object.objectId()))
                        .thenComparing(BY_SOURCE);
            case SOURCE -> BY_SOURCE;
        };
        return objects.stream().sorted(comparator).toList();
    }

    /** The orders, of those that need no seed, in which these objects stand. */
    static Set<ObjectOrder> followed(List<EncodedObject> objects) {
        EnumSet<ObjectOrder> followed = EnumSet.of(RASTER, AREA, SOURCE);
        followed.removeIf(order -> !order.sort(objects, "", 0).equals(objects));
        return followed;
    }
}
