package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.spark.Storage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A published predictions folder.
 *
 * @param root its path
 * @param manifest what it says of itself
 */
record PredictionFolder(Storage storage, String root, JsonNode manifest) {

    /** The folder at a path; empty where there is none with a manifest of predictions. */
    static Optional<PredictionFolder> find(Storage storage, String root) throws IOException {
        if (storage.find(root + "/manifest.json").isEmpty()) {
            return Optional.empty();
        }
        JsonNode manifest = new ObjectMapper().readTree(storage.read(root + "/manifest.json"));
        return manifest.path("kind").asText().equals(PredictionManifest.KIND)
                ? Optional.of(new PredictionFolder(storage, root, manifest))
                : Optional.empty();
    }

    /** Full paths of the shards, in order. */
    List<String> shards() {
        List<String> paths = new ArrayList<>();
        manifest.path("shards")
                .forEach(shard -> paths.add(root + "/" + shard.path("path").asText()));
        return paths;
    }

    /** True when any prompt is a {@code detect} prompt: then boxes are asked of those and masks of the others. */
    boolean hasDetectPrompts() {
        return manifest.path("counts").path("prompt:detect").asLong() > 0;
    }

    /** What is done with each prediction. */
    @FunctionalInterface
    interface Visitor {
        void visit(Prediction prediction) throws IOException;
    }

    /** Goes through all predictions in order, holding one. */
    void forEach(Visitor visitor) throws IOException {
        for (String shard : shards()) {
            forEach(shard, visitor);
        }
    }

    private void forEach(String shard, Visitor visitor) throws IOException {
        PredictionJson json = new PredictionJson();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(storage.open(shard), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                visitor.visit(json.read(line));
            }
        }
    }

    /** What is done with all predictions on one picture. */
    @FunctionalInterface
    interface PictureVisitor {
        void visit(String image, List<Prediction> predictions) throws IOException;
    }

    /** Goes through the pictures shard by shard, sorted by name in each, holding a shard: no picture is in two. */
    void forEachPicture(PictureVisitor visitor) throws IOException {
        for (String shard : shards()) {
            TreeMap<String, List<Prediction>> byImage = new TreeMap<>();
            forEach(
                    shard,
                    prediction -> byImage.computeIfAbsent(prediction.image(), absent -> new ArrayList<>())
                            .add(prediction));
            for (Map.Entry<String, List<Prediction>> picture : byImage.entrySet()) {
                visitor.visit(picture.getKey(), picture.getValue());
            }
        }
    }
}
