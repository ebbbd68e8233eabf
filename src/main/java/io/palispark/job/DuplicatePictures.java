package io.palispark.job;

import io.palispark.dataset.DuplicateClusters;
import io.palispark.dataset.HashIndex;
import io.palispark.dataset.SplitPlan;
import io.palispark.image.CropHashes;
import io.palispark.image.DecodedImage;
import io.palispark.image.Frame;
import io.palispark.image.ImageContent;
import io.palispark.image.ImageLimits;
import io.palispark.image.PerceptualHash;
import io.palispark.image.RgbDecoder;
import io.palispark.spark.AnnotationParts;
import io.palispark.spark.ImageSource;
import io.palispark.spark.SourcedRecord;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;

/**
 * Decodes every picture once and joins the split groups of those that look alike. The driver holds a key and a hash a
 * picture; hashes of parts, which find crops, stay on the executors and spill to disk.
 */
final class DuplicatePictures implements AnnotationParts.PartWork<List<DuplicatePictures.Hashed>> {

    private static final long serialVersionUID = 1L;

    private final Mixture mixture;
    private final ImageLimits limits;
    private final SplitPlan plan;
    private final Crops crops;

    private DuplicatePictures(Mixture mixture, ImageLimits limits, SplitPlan plan, Crops crops) {
        this.mixture = mixture;
        this.limits = limits;
        this.plan = plan;
        this.crops = crops;
    }

    /** Whether a picture also counts as near to one that was cut out of it. */
    enum Crops {
        FOUND,
        IGNORED
    }

    /**
     * A picture's split key and content hash.
     *
     * @param parts hashes of its parts; none where crops are not looked for
     */
    record Hashed(String key, long hash, long[] parts) implements Serializable {

        static Hashed of(String key, DecodedImage picture, Crops crops) {
            return new Hashed(
                    key,
                    PerceptualHash.of(picture.pixels()).bits(),
                    switch (crops) {
                        case FOUND -> CropHashes.of(picture.pixels());
                        case IGNORED -> new long[0];
                    });
        }

        /** The whole pictures that look like a part of this one. */
        Set<Match> matches(HashIndex wholes) {
            Set<Match> matches = new LinkedHashSet<>();
            for (long part : parts) {
                wholes.forEachNear(part, near -> {
                    if (near != hash) {
                        matches.add(new Match(hash, near));
                    }
                });
            }
            return matches;
        }
    }

    /** Hashes of two pictures of which one is a part of the other. */
    record Match(long whole, long part) implements Serializable {}

    /** Split key to the key that stands for its cluster. */
    static Map<String, String> representatives(
            JavaSparkContext spark,
            AnnotationParts parts,
            Mixture mixture,
            ImageLimits limits,
            SplitPlan plan,
            int distance,
            Crops crops) {
        DuplicateClusters clusters = new DuplicateClusters(distance);
        JavaRDD<Hashed> hashed = parts.map(new DuplicatePictures(mixture, limits, plan, crops))
                .flatMap(List::iterator)
                .persist(StorageLevel.MEMORY_AND_DISK());
        hashed.map(picture -> new Hashed(picture.key(), picture.hash(), new long[0]))
                .collect()
                .forEach(picture -> clusters.add(picture.key(), picture.hash()));
        if (crops == Crops.FOUND) {
            Broadcast<HashIndex> wholes = spark.broadcast(clusters.index());
            hashed.flatMap(picture -> picture.matches(wholes.value()).iterator())
                    .collect()
                    .forEach(match -> clusters.join(match.whole(), match.part()));
            wholes.destroy();
        }
        hashed.unpersist();
        return clusters.representatives();
    }

    @Override
    public List<Hashed> build(int part, Iterator<List<SourcedRecord>> records) throws IOException {
        List<Hashed> hashed = new ArrayList<>();
        while (records.hasNext()) {
            for (PictureRecords picture : PictureRecords.of(records.next())) {
                hash(picture).ifPresent(hashed::add);
            }
        }
        return hashed;
    }

    /** Empty for a picture that cannot be decoded: it has nothing to look like. */
    private Optional<Hashed> hash(PictureRecords picture) throws IOException {
        Optional<ImageSource.Found> found = mixture.find(picture);
        if (found.isPresent()
                && found.get().read() instanceof ImageContent content
                && new RgbDecoder(limits).decode(content.bytes(), Frame.UPRIGHT) instanceof DecodedImage decoded) {
            return Optional.of(Hashed.of(plan.key(found.get().name(), picture.group()), decoded, crops));
        }
        return Optional.empty();
    }
}
