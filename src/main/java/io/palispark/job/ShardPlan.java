package io.palispark.job;

import io.palispark.annotation.ReasonCode;
import io.palispark.spark.Storage;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The pictures of one shard: a run of the corpus sorted by name. Runs rather than a tighter packing, because then a name
 * leads to its shard by search and neighbours stay together; a shard is at most one picture short of full.
 *
 * @param number of the shard, from 0
 * @param firstOrdinal place of the first picture in the sorted corpus; keys count from here
 * @param pictures at least one, by name
 */
record ShardPlan(int number, long firstOrdinal, List<Picture> pictures) implements Serializable {

    /**
     * A picture to be written.
     *
     * @param name below the root, with forward slashes
     * @param file where it is; null when {@code defect} says why it is not
     * @param defect null when there is a file
     */
    record Picture(String name, Storage.Listed file, ReasonCode defect) implements Serializable {

        long bytes() {
            return file == null ? 0 : file.bytes();
        }
    }

    /** The names of the pictures that have a file, sorted and each once. */
    List<String> names() {
        return pictures.stream()
                .filter(picture -> picture.defect() == null)
                .map(Picture::name)
                .toList();
    }

    /** Cuts the sorted corpus where the next picture would not fit. */
    static List<ShardPlan> of(List<Picture> sorted, ShardConfig.Size size) {
        List<ShardPlan> plans = new ArrayList<>();
        int from = 0;
        long bytes = 0;
        for (int at = 0; at < sorted.size(); at++) {
            boolean full = at - from == size.images() || bytes + sorted.get(at).bytes() > size.bytes();
            if (full && at > from) {
                plans.add(plan(plans.size(), sorted, from, at));
                from = at;
                bytes = 0;
            }
            bytes += sorted.get(at).bytes();
        }
        if (from < sorted.size()) {
            plans.add(plan(plans.size(), sorted, from, sorted.size()));
        }
        return plans;
    }

    private static ShardPlan plan(int number, List<Picture> sorted, int from, int to) {
        return new ShardPlan(number, from, new ArrayList<>(sorted.subList(from, to)));
    }
}
