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
 * @param frequencies how common a category is, by its name: r, c or f as LVIS states it; empty for other files
 */
public record CocoCatalog(List<ImageRow> images, Map<String, String> categories, Map<String, String> frequencies) {

    public CocoCatalog {
        images = List.copyOf(images);
        categories = Map.copyOf(categories);
        frequencies = Map.copyOf(frequencies);
    }

    /**
     * Reads the catalog; costs two walks over the file, three where it is one of LVIS, and holds its images.
     *
     * @throws IOException when the file cannot be had or its content cannot be used
     */
    public static CocoCatalog read(AnnotationSource source, ReadLimits limits) throws IOException {
        try {
            return read(source, CocoDialect.INSTANCES, limits);
        } catch (DocumentException unusable) {
            throw new IOException(
                    "Cannot read the images and categories of " + source.name() + ": " + unusable.reason() + ", "
                            + unusable.getMessage(),
                    unusable);
        }
    }

    private static CocoCatalog read(AnnotationSource source, CocoDialect dialect, ReadLimits limits)
            throws IOException, DocumentException {
        CategoryTable categories = new CategoryTable(limits, dialect);
        ImageTable images = new ImageTable(limits, dialect, categories);
        List<ImageRow> rows = new ArrayList<>();
        RecordQueue queue = new RecordQueue(source.name());
        FirstPass.walk(source, limits, Map.of("images", images::note, "categories", categories::read));
        images.close();
        if (images.statesAbsentClasses() && dialect == CocoDialect.INSTANCES) {
            return read(source, CocoDialect.FEDERATED, limits);
        }
        SectionWalk.ElementReader keep = (parser, sequence) -> {
            images.read(parser, sequence, queue);
            while (!queue.isEmpty()) {
                if (queue.take() instanceof ImageRow row) {
                    rows.add(row);
                }
            }
        };
        FirstPass.walk(source, limits, Map.of("images", keep));
        return new CocoCatalog(rows, categories.names(), categories.frequencies());
    }
}
