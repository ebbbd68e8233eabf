package io.palispark.job;

import io.palispark.annotation.AnnotationRecord;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.dataset.DuplicateClusters;
import io.palispark.dataset.SplitPlan;
import io.palispark.image.DecodedImage;
import io.palispark.image.Frame;
import io.palispark.image.ImageContent;
import io.palispark.image.PerceptualHash;
import io.palispark.image.RgbDecoder;
import io.palispark.spark.AnnotationParts;
import io.palispark.spark.ImageSource;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decodes every picture once and joins the split groups of those that look alike. */
final class DuplicatePictures implements AnnotationParts.PartWork<List<DuplicatePictures.Hashed>> {

    private static final long serialVersionUID = 1L;

    private final ImageSource images;
    private final SplitPlan plan;

    private DuplicatePictures(ImageSource images, SplitPlan plan) {
        this.images = images;
        this.plan = plan;
    }

    /** A picture's split key and content hash; all that the driver holds of it. */
    record Hashed(String key, long hash) implements Serializable {}

    /** Split key to the key that stands for its cluster. */
    static Map<String, String> representatives(
            AnnotationParts parts, ImageSource images, SplitPlan plan, int distance) {
        DuplicateClusters clusters = new DuplicateClusters(distance);
        Iterator<List<Hashed>> hashed =
                parts.map(new DuplicatePictures(images, plan)).collect().iterator();
        while (hashed.hasNext()) {
            hashed.next().forEach(picture -> clusters.add(picture.key(), picture.hash()));
        }
        return clusters.representatives();
    }

    @Override
    public List<Hashed> build(int part, Iterator<List<AnnotationRecord>> records) throws IOException {
        List<Hashed> hashed = new ArrayList<>();
        while (records.hasNext()) {
            List<ImageRow> rows = PictureRecords.of(records.next()).images();
            if (!rows.isEmpty()) {
                hash(rows.get(0)).ifPresent(hashed::add);
            }
        }
        return hashed;
    }

    /** Empty for a picture that cannot be decoded: it has nothing to look like. */
    private Optional<Hashed> hash(ImageRow row) throws IOException {
        Optional<ImageSource.Found> found = images.find(row.fileName());
        if (found.isPresent()
                && found.get().read() instanceof ImageContent content
                && new RgbDecoder(images.limits()).decode(content.bytes(), Frame.UPRIGHT)
                        instanceof DecodedImage decoded) {
            String key = plan.key(found.get().name(), "");
            return Optional.of(
                    new Hashed(key, PerceptualHash.of(decoded.pixels()).bits()));
        }
        return Optional.empty();
    }
}
