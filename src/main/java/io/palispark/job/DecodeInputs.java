package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.spark.Storage;
import io.palispark.token.Convention;
import io.palispark.vqvae.MaskCodecWeights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of stored text. A folder with a manifest gives what its manifest names, and its convention and mask codec
 * must be the ones that the text is decoded with.
 */
final class DecodeInputs {

    private static final List<String> TEXT_FILES = List.of(".jsonl", ".json", ".ndjson", ".jsonl.gz", ".ndjson.gz");

    private final Storage storage;
    private final DecodeConfig config;
    private final MaskCodecWeights weights;
    private final ObjectMapper json = new ObjectMapper();
    private final List<String> problems = new ArrayList<>();

    DecodeInputs(Storage storage, DecodeConfig config, MaskCodecWeights weights) {
        this.storage = storage;
        this.config = config;
        this.weights = weights;
    }

    /**
     * The files in the order given, those of a folder sorted.
     *
     * @throws ConfigException when a manifest contradicts the settings
     * @throws IOException when a path leads to nothing
     */
    List<Storage.Listed> list() throws IOException {
        List<Storage.Listed> files = new ArrayList<>();
        for (String path : config.input().path()) {
            List<Storage.Listed> found = storage.find(path + "/manifest.json").isPresent() ? named(path) : below(path);
            if (found.isEmpty()) {
                throw new IOException("Cannot decode " + path + ": no file of JSON Lines is there; look at input.path");
            }
            files.addAll(found);
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return files;
    }

    private List<Storage.Listed> below(String path) throws IOException {
        return storage.find(path).isPresent()
                ? List.of(storage.find(path).get())
                : storage.list(path).stream()
                        .filter(file -> TEXT_FILES.stream().anyMatch(file.path()::endsWith))
                        .toList();
    }

    private List<Storage.Listed> named(String root) throws IOException {
        JsonNode manifest = json.readTree(storage.read(root + "/manifest.json"));
        compare(root, manifest);
        List<Storage.Listed> files = new ArrayList<>();
        for (JsonNode shard : manifest.path("shards")) {
            String path = root + "/" + shard.path("path").asText();
            if (!path.endsWith(".meta.jsonl")) {
                files.add(storage.find(path)
                        .orElseThrow(() -> new IOException(
                                "Cannot decode " + root + ": " + path + " is named in its manifest and is not there")));
            }
        }
        return files;
    }

    private void compare(String root, JsonNode manifest) {
        Map<String, String> stated = new TreeMap<>();
        manifest.path("convention")
                .fields()
                .forEachRemaining(
                        rule -> stated.put(rule.getKey(), rule.getValue().asText()));
        Convention.Reading theirs = Convention.parse(stated);
        theirs.problems().forEach(problem -> problems.add(root + "/manifest.json: " + problem));
        Map<String, String> ours = config.rules().convention().toMap();
        theirs.convention().toMap().forEach((rule, value) -> {
            boolean settled = rule.equals("paste")
                    || value.equals(ours.get(rule))
                    || config.input().explicitConvention().contains(rule);
            if (!settled) {
                problems.add(
                        "convention." + rule + ": " + root + " was written with " + value + " and would be read with "
                                + ours.get(rule) + "; set convention." + rule + " to the one you mean");
            }
        });
        String theirWeights = manifest.path("weights").path("sha256").asText();
        if (!theirWeights.isEmpty() && !theirWeights.equals(weights.sha256())) {
            problems.add("codec.weights: the codes of " + root + " are those of "
                    + manifest.path("weights").path("name").asText() + " (sha256 " + theirWeights + "), not of "
                    + weights.name() + " (sha256 " + weights.sha256() + ")");
        }
    }
}
