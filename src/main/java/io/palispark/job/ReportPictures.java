package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.CocoCatalog;
import io.palispark.annotation.ReadLimits;
import io.palispark.annotation.SafeName;
import io.palispark.dataset.StableHash;
import io.palispark.geometry.ImageSize;
import io.palispark.report.PictureGrid;
import io.palispark.spark.HadoopAnnotationSource;
import io.palispark.spark.ImageSource;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The pictures of the report's grid with what is annotated and what was predicted, as files beside the pages. Predictions
 * are read shard by shard, so that a shard of them is held.
 */
final class ReportPictures {

    /** The file that names all pictures. */
    static final String INDEX = "data/index.js";

    private static final String DETAILS = "data/pictures-";
    private static final int THUMBNAILS_PER_PART = 64;

    private final ReportConfig config;
    private final Storage storage;
    private final JavaSparkContext spark;
    private final ObjectMapper json = new ObjectMapper();

    ReportPictures(ReportConfig config, Storage storage, JavaSparkContext spark) {
        this.config = config;
        this.storage = storage;
        this.spark = spark;
    }

    /**
     * What was written.
     *
     * @param all pictures with predictions
     * @param shown pictures of the grid
     * @param thumbnails pictures of the grid with their pixels
     */
    record Written(long all, int shown, int thumbnails) {}

    /** A reduced picture in a file of its own. */
    private record Drawn(String name, String file, int height, int width) implements Serializable {}

    /** Names of pictures: the smallest hashes of all that were offered. */
    private static final class Choice {

        private static final Comparator<String> ORDER = Comparator.comparingLong(
                        (String name) -> StableHash.of("report", name))
                .thenComparing(Comparator.naturalOrder());

        private final PriorityQueue<String> kept = new PriorityQueue<>(ORDER.reversed());
        private final int most;
        private long offered;

        Choice(int most) {
            this.most = most;
        }

        void offer(String name) {
            offered++;
            kept.add(name);
            if (kept.size() > most) {
                kept.remove();
            }
        }

        Set<String> names() {
            return new TreeSet<>(kept);
        }
    }

    /** Writes the files. */
    Written write(PredictionFolder folder) throws IOException {
        Choice choice = new Choice(config.most().pictures());
        folder.forEachPicture((name, predictions) -> choice.offer(name));
        Set<String> names = choice.names();
        Map<String, List<EvaluationItem.Truth>> truths = truths(names);
        Map<String, Drawn> thumbnails = thumbnails(names);
        Files files = new Files();
        PictureDetails details = new PictureDetails(json, folder.hasDetectPrompts());
        folder.forEachPicture((name, predictions) -> {
            if (names.contains(name)) {
                Optional<Drawn> drawn = Optional.ofNullable(thumbnails.get(name));
                ObjectNode summary = files.index.addObject().put("name", name);
                ObjectNode node = details.describe(
                        summary,
                        predictions,
                        truths.getOrDefault(name, List.of()),
                        drawn.map(known -> new ImageSize(known.height(), known.width())));
                drawn.ifPresent(known -> node.put("image", known.file()));
                files.add(node);
            }
        });
        files.finish();
        return new Written(choice.offered, names.size(), thumbnails.size());
    }

    /** The files of details while they grow. */
    private final class Files {

        private final ArrayNode index = json.createArrayNode();
        private ArrayNode details = json.createArrayNode();
        private int written;

        void add(ObjectNode node) throws IOException {
            details.add(node);
            if (details.size() == PictureGrid.PICTURES_PER_FILE) {
                writeDetails();
            }
        }

        private void writeDetails() throws IOException {
            put(DETAILS + written + ".js", PictureGrid.detailsScript(written, details.toString()));
            details = json.createArrayNode();
            written++;
        }

        void finish() throws IOException {
            if (!details.isEmpty()) {
                writeDetails();
            }
            ObjectNode all = json.createObjectNode().put("files", DETAILS);
            all.set("pictures", index);
            put(INDEX, PictureGrid.indexScript(all.toString()));
        }

        private void put(String name, String script) throws IOException {
            storage.write(config.output() + "/" + name, script.getBytes(StandardCharsets.UTF_8));
        }
    }

    private Map<String, Drawn> thumbnails(Set<String> names) throws IOException {
        if (config.input().images() == null) {
            return Map.of();
        }
        Choice choice = new Choice(config.most().thumbnails());
        names.forEach(choice::offer);
        List<String> chosen = new ArrayList<>(choice.names());
        ImageSource images = ImageSource.open(storage, config.input().images(), config.limits());
        Storage target = storage;
        ReportConfig settings = config;
        Map<String, Drawn> drawn = new HashMap<>();
        spark.parallelize(chosen, 1 + chosen.size() / THUMBNAILS_PER_PART)
                .zipWithIndex()
                .flatMap(numbered -> draw(numbered._1(), numbered._2(), images, target, settings).stream()
                        .iterator())
                .collect()
                .forEach(picture -> drawn.put(picture.name(), picture));
        return drawn;
    }

    private static Optional<Drawn> draw(
            String name, long number, ImageSource images, Storage storage, ReportConfig config) throws IOException {
        Optional<SafeName> safe = SafeName.of(name);
        Optional<Thumbnail> thumbnail = safe.isEmpty()
                ? Optional.empty()
                : Thumbnail.of(images, safe.get().path(), config.pictureSide());
        if (thumbnail.isEmpty()) {
            return Optional.empty();
        }
        String file = "pictures/%06d.jpg".formatted(number);
        storage.write(config.output() + "/" + file, thumbnail.get().jpeg());
        return Optional.of(
                new Drawn(name, file, thumbnail.get().height(), thumbnail.get().width()));
    }

    private Map<String, List<EvaluationItem.Truth>> truths(Set<String> names) throws IOException {
        if (config.input().groundTruth().isEmpty()) {
            return Map.of();
        }
        AnnotationInputs inputs = AnnotationInputs.list(
                spark, storage, config.input().groundTruth(), Optional.empty(), Optional.empty(), ReadLimits.DEFAULT);
        Map<String, RecognisedImages.Known> images = new HashMap<>();
        Map<String, String> nameOfId = new HashMap<>();
        for (HadoopAnnotationSource source : inputs.sources()) {
            RecognisedImages known = RecognisedImages.of(CocoCatalog.read(source, ReadLimits.DEFAULT));
            for (String name : names) {
                known.byName(name).ifPresent(image -> {
                    images.put(image.id(), image);
                    nameOfId.put(image.id(), name);
                });
            }
        }
        Set<String> ids = new HashSet<>(images.keySet());
        Map<String, List<EvaluationItem.Truth>> truths = new HashMap<>();
        inputs.records(spark)
                .filter(row -> row instanceof ObjectRow object && ids.contains(object.imageId()))
                .map(row -> (ObjectRow) row)
                .sortBy(ObjectRow::sequence, true, 1)
                .collect()
                .forEach(row -> EvaluationInput.truth(row, images.get(row.imageId()))
                        .ifPresent(truth -> truths.computeIfAbsent(
                                        nameOfId.get(row.imageId()), absent -> new ArrayList<>())
                                .add(truth)));
        return truths;
    }
}
