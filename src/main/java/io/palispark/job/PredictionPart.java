package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.dataset.StableHash;
import io.palispark.geometry.RunLengthMask;
import io.palispark.job.Prediction.Answer;
import io.palispark.job.Prediction.Failure;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.ParquetRows;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.ShardFile;
import io.palispark.spark.WorkCounters;
import io.palispark.token.PromptClasses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Collects the predictions of one part in memory and stages them as one shard of a predictions folder, with the Parquet
 * file and the mask pictures of the same lines where they are asked for.
 */
public final class PredictionPart {

    /** Key of the counts in {@link PartReceipt#statistics}. */
    static final String STATISTICS = "predictions";

    private static final String PNG = ".png";

    private final PredictionForm form;
    private final PredictionJson json = new PredictionJson();
    private final List<String> lines = new ArrayList<>();
    private final List<String> rejects = new ArrayList<>();
    private final Map<String, byte[]> pictures = new LinkedHashMap<>();
    private final TreeMap<String, Long> counts = new TreeMap<>();

    private int savedLines;
    private int savedRejects;
    private int savedPictures;

    PredictionPart(PredictionForm form) {
        this.form = form;
    }

    /**
     * A piece of a part.
     *
     * @param pictures of masks, by name
     * @param counts of the part from its start to the end of the piece
     */
    record Piece(
            List<String> lines, List<String> rejects, Map<String, byte[]> pictures, TreeMap<String, Long> counts) {}

    /** What was added since this was asked last. */
    Piece unsaved() {
        Map<String, byte[]> newPictures = new LinkedHashMap<>();
        pictures.entrySet().stream()
                .skip(savedPictures)
                .forEach(picture -> newPictures.put(picture.getKey(), picture.getValue()));
        Piece piece = new Piece(
                List.copyOf(lines.subList(savedLines, lines.size())),
                List.copyOf(rejects.subList(savedRejects, rejects.size())),
                newPictures,
                new TreeMap<>(counts));
        everythingIsSaved();
        return piece;
    }

    /** Appends a piece of the same part that {@link #unsaved} gave to an earlier attempt. */
    void restore(Piece piece) {
        lines.addAll(piece.lines());
        rejects.addAll(piece.rejects());
        pictures.putAll(piece.pictures());
        counts.clear();
        counts.putAll(piece.counts());
        everythingIsSaved();
    }

    private void everythingIsSaved() {
        savedLines = lines.size();
        savedRejects = rejects.size();
        savedPictures = pictures.size();
    }

    /** Appends a prediction; the order of the lines is the order of the calls. */
    void add(Prediction prediction) {
        lines.add(line(prediction).toString());
        countOutcome(prediction);
    }

    /** Appends a prediction and what a content guard said of it. */
    void add(Prediction prediction, GuardVerdict verdict) {
        ObjectNode line = line(prediction);
        PredictionJson.putGuard(line, verdict);
        lines.add(line.toString());
        countOutcome(prediction);
    }

    private ObjectNode line(Prediction prediction) {
        ObjectNode line = json.line(prediction, form.masks());
        if (form.masks() == PredictionForm.Masks.PNG && prediction.outcome() instanceof Answer answer) {
            String request = "%016x".formatted(StableHash.of(prediction.image(), prediction.prefix()));
            for (int i = 0; i < answer.objects().size(); i++) {
                ObjectNode object = (ObjectNode) line.path("objects").get(i);
                object.put(
                        "mask_file",
                        answer.objects()
                                .get(i)
                                .mask()
                                .map(held(request + "-%03d".formatted(i)))
                                .orElse(null));
            }
        }
        return line;
    }

    /** Draws a mask for the folder and gives the path that it will have there. */
    private Function<RunLengthMask, String> held(String name) {
        return mask -> {
            byte[] png = MaskPicture.png(mask);
            pictures.put(name, png);
            return CommittedFolder.pathOf(PredictionForm.MASK_FOLDER, name, PNG, png);
        };
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
        WatchedCounts.watched(name).ifPresent(known -> WorkCounters.add(known, number));
        counts.merge(name, number, Long::sum);
    }

    /**
     * Writes the shard into the staging folder.
     *
     * @param input hash of everything the part was made from
     */
    public PartReceipt stage(CommittedFolder folder, int part, String input) throws IOException {
        List<ShardFile> data = new ArrayList<>(stage(folder, "data", part, lines));
        if (form.parquet() && !lines.isEmpty()) {
            data.add(folder.stage(
                    PredictionForm.PARQUET_FOLDER,
                    name(part),
                    ".parquet",
                    lines.size(),
                    ParquetRows.write(form.schema(), parsed())));
        }
        for (Map.Entry<String, byte[]> picture : pictures.entrySet()) {
            data.add(folder.stage(PredictionForm.MASK_FOLDER, picture.getKey(), PNG, 1, picture.getValue()));
        }
        return new PartReceipt(
                part,
                input,
                data,
                stage(folder, "rejects", part, rejects),
                Map.of(),
                Map.of(),
                Map.of(STATISTICS, counts));
    }

    private List<JsonNode> parsed() throws IOException {
        ObjectMapper reader = new ObjectMapper();
        List<JsonNode> objects = new ArrayList<>();
        for (String line : lines) {
            objects.add(reader.readTree(line));
        }
        return objects;
    }

    private static String name(int part) {
        return "part-%05d".formatted(part);
    }

    private static List<ShardFile> stage(CommittedFolder folder, String name, int part, List<String> lines)
            throws IOException {
        return lines.isEmpty() ? List.of() : List.of(folder.stage(name, name(part), ".jsonl", lines));
    }
}
