package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.dataset.CaptionSample;
import io.palispark.dataset.CaptionSimilarity;
import io.palispark.dataset.Task;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.ShardFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Compares the captions and answers of a prepared dataset with each other. Every task reads its shards and holds at most
 * {@link #COMPARED} texts of each kind, chosen by hash; the driver compares as many, so neither memory nor time grows
 * with the dataset.
 */
final class TextComparison implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final int COMPARED = 2_000;
    private static final int WORST = 12;

    private final CommittedFolder folder;

    TextComparison(CommittedFolder folder) {
        this.folder = folder;
    }

    /** Rows and, line by line, what is known about them. */
    private record Shard(ShardFile rows, ShardFile twin) implements Serializable {}

    /** The tasks that answer with a sentence, where the dataset has rows of them. */
    Map<Task, CaptionSimilarity> compare(JavaSparkContext spark, List<PartReceipt> receipts) {
        List<Shard> shards = new ArrayList<>();
        for (PartReceipt receipt : receipts) {
            for (int file = 0; file + 1 < receipt.data().size(); file += 2) {
                shards.add(new Shard(receipt.data().get(file), receipt.data().get(file + 1)));
            }
        }
        Map<Task, CaptionSimilarity> result = new EnumMap<>(Task.class);
        if (!shards.isEmpty()) {
            spark.parallelize(shards, shards.size())
                    .map(this::sample)
                    .treeReduce(TextComparison::merged)
                    .forEach((task, sample) -> result.put(task, CaptionSimilarity.of(sample, WORST)));
        }
        return result;
    }

    private EnumMap<Task, CaptionSample> sample(Shard shard) throws IOException {
        EnumMap<Task, CaptionSample> samples = new EnumMap<>(Task.class);
        ObjectMapper json = new ObjectMapper();
        try (BufferedReader rows = lines(shard.rows());
                BufferedReader twins = lines(shard.twin())) {
            for (String line = rows.readLine(); line != null; line = rows.readLine()) {
                String task = json.readTree(twins.readLine()).path("task").asText();
                for (Task text : List.of(Task.CAPTION, Task.VQA)) {
                    if (task.equals(Settings.spelling(text))) {
                        JsonNode row = json.readTree(line);
                        samples.computeIfAbsent(text, absent -> new CaptionSample(COMPARED))
                                .add(new CaptionSample.Caption(
                                        row.path("image").asText(),
                                        row.path("suffix").asText()));
                    }
                }
            }
        }
        return samples;
    }

    private BufferedReader lines(ShardFile file) throws IOException {
        return new BufferedReader(new InputStreamReader(folder.open(file), StandardCharsets.UTF_8));
    }

    private static EnumMap<Task, CaptionSample> merged(
            EnumMap<Task, CaptionSample> one, EnumMap<Task, CaptionSample> other) {
        EnumMap<Task, CaptionSample> merged = new EnumMap<>(Task.class);
        for (EnumMap<Task, CaptionSample> samples : List.of(one, other)) {
            samples.forEach((task, sample) -> merged.computeIfAbsent(task, absent -> new CaptionSample(COMPARED))
                    .addAll(sample));
        }
        return merged;
    }
}
