package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** What is to be answered: the rows of JSON Lines files, or every picture with every prompt. */
final class GenerateRequests {

    private static final int NAMES_PER_PARTITION = 10_000;

    private final JavaSparkContext spark;
    private final Storage storage;
    private final GenerateConfig.Input input;

    GenerateRequests(JavaSparkContext spark, Storage storage, GenerateConfig.Input input) {
        this.spark = spark;
        this.storage = storage;
        this.input = input;
    }

    JavaRDD<GenerateRequest> read() throws IOException {
        return input.rows().isEmpty() ? ofPictures() : ofRows();
    }

    private JavaRDD<GenerateRequest> ofPictures() throws IOException {
        List<String> names = new ImageListing(storage, listing())
                .pictures().stream().map(ShardPlan.Picture::name).toList();
        List<String> prompts = input.prompts();
        return spark.parallelize(names, 1 + names.size() / NAMES_PER_PARTITION)
                .flatMap(name -> prompts.stream()
                        .map(prompt -> GenerateRequest.of(name, prompt))
                        .iterator());
    }

    private ShardConfig.Input listing() {
        return new ShardConfig.Input(input.images(), input.extensions());
    }

    private JavaRDD<GenerateRequest> ofRows() throws IOException {
        List<String> files = new ArrayList<>();
        for (String path : input.rows()) {
            files.addAll(files(path.replaceAll("/+$", "")));
        }
        if (files.isEmpty()) {
            throw new IOException("Cannot read requests: " + input.rows() + " holds no .jsonl file of input.splits "
                    + input.splits());
        }
        return spark.textFile(String.join(",", files)).mapPartitions(GenerateRequests::requests);
    }

    private static Iterator<GenerateRequest> requests(Iterator<String> lines) {
        ObjectMapper json = new ObjectMapper();
        List<GenerateRequest> requests = new ArrayList<>();
        while (lines.hasNext()) {
            String line = lines.next();
            if (!line.isBlank()) {
                requests.add(GenerateRequest.ofLine(line, json));
            }
        }
        return requests.iterator();
    }

    /** The shards that a prepared dataset's manifest names, else the file itself or all {@code .jsonl} below the folder. */
    private List<String> files(String path) throws IOException {
        if (storage.find(path + "/manifest.json").isPresent()) {
            JsonNode manifest = new ObjectMapper().readTree(storage.read(path + "/manifest.json"));
            List<String> files = new ArrayList<>();
            for (JsonNode shard : manifest.path("shards")) {
                String name = shard.path("path").asText();
                if (isWanted(name)) {
                    files.add(path + "/" + name);
                }
            }
            return files;
        }
        return storage.list(path).stream()
                .map(Storage.Listed::path)
                .filter(file -> file.endsWith(".jsonl"))
                .toList();
    }

    private boolean isWanted(String shard) {
        boolean ofSplit = input.splits().isEmpty()
                || input.splits().stream().anyMatch(split -> shard.startsWith("data/" + split + "-"));
        return ofSplit && shard.endsWith(".jsonl") && !shard.endsWith(".meta.jsonl");
    }
}
