package io.palispark.job;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.palispark.job.Prediction.Answer;
import io.palispark.job.Prediction.Failure;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.ShardFile;
import io.palispark.token.PromptClasses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Collects the predictions of one part in memory and stages them as one shard of a predictions folder. */
public final class PredictionPart {

    /** Key of the counts in {@link PartReceipt#statistics}. */
    static final String STATISTICS = "predictions";

    private final PredictionJson json = new PredictionJson();
    private final List<String> lines = new ArrayList<>();
    private final List<String> rejects = new ArrayList<>();
    private final TreeMap<String, Long> counts = new TreeMap<>();

    /** Appends a prediction; the order of the lines is the order of the calls. */
    public void add(Prediction prediction) {
        lines.add(json.write(prediction));
        countOutcome(prediction);
    }

    /** Appends a prediction and what a content guard said of it. */
    void add(Prediction prediction, GuardVerdict verdict) {
        lines.add(json.write(prediction, verdict));
        countOutcome(prediction);
    }

    private void countOutcome(Prediction prediction) {
        count("rows", 1);
        count("prompt:" + prompt(prediction.prefix()), 1);
        if (prediction.outcome() instanceof Answer answer) {
            count("answered", 1);
            count("objects", answer.objects().size());
            count(
                    "masks",
                    answer.objects().stream()
                            .filter(object -> object.mask().isPresent())
                            .count());
            answer.defects().forEach(defect -> count("defect:" + defect.code(), 1));
        } else if (prediction.outcome() instanceof Failure failure) {
            count("failed", 1);
            count("failure:" + failure.code(), 1);
        }
    }

    private static String prompt(String prefix) {
        return PromptClasses.parse(prefix)
                .map(prompt -> Settings.spelling(prompt.task()))
                .orElse("other");
    }

    /**
     * Writes down an input that becomes no prediction.
     *
     * @param source file and place that it came from
     * @param image empty when unknown
     */
    public void reject(String source, String image, String reason, String detail) {
        rejects.add(JsonNodeFactory.instance
                .objectNode()
                .put("source", source)
                .put("image", image)
                .put("object", "")
                .put("stage", "request")
                .put("reason", reason)
                .put("detail", detail)
                .toString());
        count("rejected", 1);
        count("reject:" + reason, 1);
    }

    /** Counts something else about the part under a name of its own. */
    public void count(String name, long number) {
        counts.merge(name, number, Long::sum);
    }

    /**
     * Writes the shard into the staging folder.
     *
     * @param input hash of everything the part was made from
     */
    public PartReceipt stage(CommittedFolder folder, int part, String input) throws IOException {
        return new PartReceipt(
                part,
                input,
                stage(folder, "data", part, lines),
                stage(folder, "rejects", part, rejects),
                Map.of(),
                Map.of(),
                Map.of(STATISTICS, counts));
    }

    private static List<ShardFile> stage(CommittedFolder folder, String name, int part, List<String> lines)
            throws IOException {
        return lines.isEmpty() ? List.of() : List.of(folder.stage(name, "part-%05d".formatted(part), ".jsonl", lines));
    }
}
