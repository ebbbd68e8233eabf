package io.palispark.job;

import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.dataset.OfficialSplits;
import io.palispark.dataset.SplitPlan;
import io.palispark.dataset.SplitPlan.Split;
import io.palispark.spark.AnnotationParts;
import io.palispark.spark.ImageSource;
import io.palispark.spark.SourcedRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import scala.Tuple2;

/**
 * Finds out which groups of pictures stand in several of the splits that the input states. The driver gets those groups
 * alone.
 */
final class OfficialSides implements AnnotationParts.PartWork<List<Tuple2<String, Integer>>> {

    private static final long serialVersionUID = 1L;
    private static final int UNSTATED = 1 << Split.values().length;

    private final Mixture mixture;
    private final SplitPlan plan;

    private OfficialSides(Mixture mixture, SplitPlan plan) {
        this.mixture = mixture;
        this.plan = plan;
    }

    /** The plan with stated splits decided about. */
    static SplitPlan decided(AnnotationParts parts, Mixture mixture, SplitPlan plan) {
        OfficialSplits official = plan.official();
        OfficialSplits.Use use = switch (official.use()) {
            case KEEP, IGNORE -> official.use();
            case AUTO -> sides(parts) > 1 ? OfficialSplits.Use.KEEP : OfficialSplits.Use.IGNORE;
        };
        Map<String, Split> joined = new TreeMap<>();
        if (use == OfficialSplits.Use.KEEP) {
            parts.map(new OfficialSides(mixture, plan))
                    .flatMapToPair(List::iterator)
                    .reduceByKey((first, second) -> first | second)
                    .filter(group -> Integer.bitCount(group._2()) > 1)
                    .collect()
                    .forEach(group -> joined.put(group._1(), mostHeldOut(group._2())));
        }
        return plan.withOfficial(official.with(use, joined));
    }

    private static long sides(AnnotationParts parts) {
        return parts.records()
                .map(SourcedRecord::record)
                .filter(ImageRow.class::isInstance)
                .map(row -> bit(((ImageRow) row).split()))
                .filter(bit -> bit != UNSTATED)
                .distinct()
                .count();
    }

    private static int bit(String stated) {
        return OfficialSplits.side(stated).map(side -> 1 << side.ordinal()).orElse(UNSTATED);
    }

    private static Split mostHeldOut(int bits) {
        return Split.values()[31 - Integer.numberOfLeadingZeros(bits & ~UNSTATED)];
    }

    @Override
    public List<Tuple2<String, Integer>> build(int part, Iterator<List<SourcedRecord>> records) throws IOException {
        List<Tuple2<String, Integer>> sides = new ArrayList<>();
        while (records.hasNext()) {
            for (PictureRecords picture : PictureRecords.of(records.next())) {
                Optional<ImageSource.Found> found = mixture.find(picture);
                if (found.isPresent()) {
                    String group = plan.group(found.get().name(), picture.group());
                    sides.add(new Tuple2<>(group, bit(picture.split())));
                }
            }
        }
        return sides;
    }
}
