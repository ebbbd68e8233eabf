package io.palispark.job;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.CocoCatalog;
import io.palispark.annotation.ReadLimits;
import io.palispark.geometry.Box;
import io.palispark.job.Prediction.Answer;
import io.palispark.job.Prediction.DetectedObject;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.HadoopAnnotationSource;
import io.palispark.spark.ShardFile;
import io.palispark.spark.Storage;
import io.palispark.token.PromptClasses;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * COCO's results files of a predictions folder: {@code coco_results.json} with boxes and {@code coco_results_segm.json}
 * with masks, in the order of the predictions. Boxes are those of the {@code detect} prompts where there are any. Objects
 * on images or of labels that the ground truth does not know are left out, as {@code evaluate} counts them.
 */
final class CocoResultFiles {

    static final String BOXES = "coco_results.json";
    static final String MASKS = "coco_results_segm.json";

    static final String NEEDS_GROUND_TRUTH = "needs input.ground-truth for the ids of images and categories";

    private final CommittedFolder output;
    private final PredictionFolder folder;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * @param output where they are staged
     * @param folder the predictions, in place
     */
    private CocoResultFiles(CommittedFolder output, PredictionFolder folder) {
        this.output = output;
        this.folder = folder;
    }

    /** Where both files are once they are published. */
    static List<String> paths(String root) {
        return List.of(root + "/" + BOXES, root + "/" + MASKS);
    }

    /** The images and categories of a COCO file. */
    static CocoCatalog catalog(Storage storage, String path) throws IOException {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return CocoCatalog.read(new HadoopAnnotationSource(storage, path, name), ReadLimits.DEFAULT);
    }

    /** Both files of predictions that are about to be published, where the ground truth is given. */
    static PredictionManifest.Results staged(Storage storage, Optional<CocoCatalog> catalog) {
        return (output, manifest) -> catalog.isEmpty()
                ? List.of()
                : new CocoResultFiles(output, new PredictionFolder(storage, output.root(), manifest))
                        .stage(catalog.get());
    }

    /** Stages both files. */
    private List<ShardFile> stage(CocoCatalog catalog) throws IOException {
        RecognisedImages images = RecognisedImages.of(catalog);
        Map<String, String> categories = new HashMap<>();
        catalog.categories().forEach((id, name) -> categories.merge(name, id, CocoResultFiles::lower));
        ShardFile boxes = output.stageNamed(
                BOXES,
                stream -> write(
                        stream,
                        rows -> folder.forEach(prediction -> {
                            if (!folder.hasDetectPrompts() || isDetect(prediction)) {
                                each(prediction, images, categories, rows, this::box);
                            }
                        })));
        ShardFile masks = output.stageNamed(
                MASKS,
                stream -> write(
                        stream,
                        rows -> folder.forEach(prediction -> each(prediction, images, categories, rows, this::mask))));
        return List.of(boxes, masks);
    }

    private static String lower(String one, String other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    static boolean isDetect(Prediction prediction) {
        return PromptClasses.parse(prediction.prefix())
                .filter(prompt -> prompt.task() == PromptClasses.Task.DETECT)
                .isPresent();
    }

    @FunctionalInterface
    private interface Rows {
        void writeTo(JsonGenerator rows) throws IOException;
    }

    private void write(OutputStream stream, Rows content) throws IOException {
        try (JsonGenerator rows = new JsonFactory()
                .createGenerator(stream, JsonEncoding.UTF8)
                .setCodec(json)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
            rows.writeStartArray();
            content.writeTo(rows);
            rows.writeEndArray();
        }
    }

    @FunctionalInterface
    private interface Shape {
        /** Adds the shape to a row; false for an object without it. */
        boolean addTo(ObjectNode row, DetectedObject object);
    }

    private void each(
            Prediction prediction,
            RecognisedImages images,
            Map<String, String> categories,
            JsonGenerator rows,
            Shape shape)
            throws IOException {
        Optional<RecognisedImages.Known> image = images.byName(prediction.image());
        if (image.isEmpty() || !(prediction.outcome() instanceof Answer answer)) {
            return;
        }
        for (DetectedObject object : answer.objects()) {
            String category = categories.get(object.label());
            ObjectNode row = json.createObjectNode();
            putId(row, "image_id", image.get().id());
            if (category != null && shape.addTo(row, object)) {
                putId(row, "category_id", category);
                row.put("score", object.score());
                rows.writeTree(row);
                rows.writeRaw('\n');
            }
        }
    }

    private boolean box(ObjectNode row, DetectedObject object) {
        Box box = object.box();
        row.putArray("bbox").add(box.x()).add(box.y()).add(box.width()).add(box.height());
        return true;
    }

    private boolean mask(ObjectNode row, DetectedObject object) {
        object.mask().ifPresent(mask -> PredictionJson.putMask(row.putObject("segmentation"), mask));
        return object.mask().isPresent();
    }

    /** Ids were read as texts; a number is written as one. */
    private static void putId(ObjectNode row, String name, String id) {
        try {
            row.put(name, Long.parseLong(id));
        } catch (NumberFormatException text) {
            row.put(name, id);
        }
    }
}
