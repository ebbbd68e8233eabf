package io.palispark.annotation;

import io.palispark.annotation.AnnotationRecord.ImageRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The images and categories of a COCO file without its annotations: what names and ids mean to each other.
 *
 * @param images in file order; rows that a {@link CocoReader} rejects are left out
 * @param categories names by id, both as texts
 */
public record CocoCatalog(List<ImageRow> images, Map<String, String> categories) {

    public CocoCatalog {
        images = List.copyOf(images);
        categories = Map.copyOf(categories);
    }

    /**
     * Reads the catalog; costs two walks over the file and holds its images.
     *
     * @throws IOException when the file cannot be had or its content cannot be used
     */
    public static CocoCatalog read(AnnotationSource source, ReadLimits limits) throws IOException {
        ImageTable images = new ImageTable(limits);
        CategoryTable categories = new CategoryTable(limits);
        List<ImageRow> rows = new ArrayList<>();
        RecordQueue queue = new RecordQueue(source.name());
        try {
            FirstPass.walk(source, limits, Map.of("images", images::note, "categories", categories::read));
            images.close();
            SectionWalk.ElementReader keep = (parser, sequence) -> {
                images.read(parser, sequence, queue);
                while (!queue.isEmpty()) {
                    if (queue.take() instanceof ImageRow row) {
                        rows.add(row);
                    }
                }
            };
            FirstPass.walk(source, limits, Map.of("images", keep));
        } catch (DocumentException unusable) {
            throw new IOException(
                    "Cannot read the images and categories of " + source.name() + ": " + unusable.reason() + ", "
                            + unusable.getMessage(),
                    unusable);
        }
        return new CocoCatalog(rows, categories.names());
    }
}
