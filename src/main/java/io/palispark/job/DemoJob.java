package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.CocoCatalog;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;

/** The bundled corpus through all jobs, so that the first command shows real output offline. */
public final class DemoJob {

    private static final String CORPUS = "/io/palispark/demo/";

    /** Enough parts for a laptop's cores to be done at about the same time. */
    private static final int PART_ROWS = 64;

    private final SparkSession session;
    private final Path folder;
    private final Path corpus;
    private final Path truth;

    private DemoJob(SparkSession session, Path folder) {
        this.session = session;
        this.folder = folder;
        this.corpus = folder.resolve("corpus");
        this.truth = corpus.resolve("annotations/instances.json");
    }

    /**
     * @param prepared result of {@code prepare}
     * @param audited result of {@code audit}
     * @param generated result of {@code generate} on the prepared rows and a {@code detect} prompt a picture
     * @param numbers measured and expected numbers as a table
     * @param page the page to open
     */
    public record Result(
            PrepareResult prepared, AuditResult audited, GenerateResult generated, String numbers, String page) {}

    /**
     * Lays the corpus into {@code folder}, prepares it there, measures what its tokens keep, lets the stand-in answer the
     * prepared rows, evaluates the answers by our rules and by the official ones, and makes the pages.
     *
     * @param overrides settings of {@code prepare}
     */
    public static Result run(SparkSession session, Path folder, List<String> overrides) throws IOException {
        return new DemoJob(session, folder).run(overrides);
    }

    private Result run(List<String> overrides) throws IOException {
        for (String name : names()) {
            copy(name, corpus.resolve(name));
        }
        PrepareResult prepared = prepare(overrides);
        AuditResult audited = AuditJob.run(
                session, AuditConfig.read(Optional.empty(), List.of("input.annotations=" + truth, in("audit"))));
        GenerateResult generated = generate();
        JsonNode ours = evaluate("predictions", "metrics");
        decodeByOfficialRules();
        JsonNode official = evaluate("official/predictions", "official/metrics");
        String page = report();
        try (InputStream expected = resource("expected.json")) {
            return new Result(
                    prepared,
                    audited,
                    generated,
                    DemoTable.of(ours, official, new ObjectMapper().readTree(expected)),
                    page);
        }
    }

    private String in(String name) {
        return "output.path=" + folder.resolve(name);
    }

    private PrepareResult prepare(List<String> overrides) throws IOException {
        List<String> settings = new ArrayList<>(List.of(
                "input.annotations=" + corpus.resolve("annotations"),
                "task=[segment, caption, vqa]",
                // the stand-in was trained on prompts of one class
                "prompt.rows-per=class",
                "input.images=" + corpus.resolve("images"),
                in("dataset")));
        settings.addAll(overrides);
        return PrepareJob.run(session, PrepareConfig.read(Optional.empty(), settings));
    }

    private GenerateResult generate() throws IOException {
        return GenerateJob.run(
                session,
                GenerateConfig.read(
                        Optional.empty(),
                        List.of(
                                "input.rows=[\"%s\", \"%s\"]".formatted(folder.resolve("dataset"), detectPrompts()),
                                "input.images=" + corpus.resolve("images"),
                                "input.ground-truth=" + truth,
                                "output.coco-results=true",
                                "output.part-rows=" + PART_ROWS,
                                in("predictions"))));
    }

    /** One prompt a picture for all classes together, as the stand-in was trained on. */
    private Path detectPrompts() throws IOException {
        CocoCatalog catalog = CocoResultFiles.catalog(Storage.of(session), truth.toString());
        String prefix = "detect "
                + String.join(" ; ", new TreeSet<>(catalog.categories().values()));
        ObjectMapper json = new ObjectMapper();
        List<String> lines = new ArrayList<>();
        for (ImageRow image : catalog.images()) {
            lines.add(json.createObjectNode()
                    .put("image", image.fileName())
                    .put("prefix", prefix)
                    .toString());
        }
        return Files.write(folder.resolve("detect.jsonl"), lines);
    }

    /** The same answers with masks pasted as big_vision does and the class token's probability for a score. */
    private void decodeByOfficialRules() throws IOException {
        DecodeJob.run(
                session,
                DecodeConfig.read(
                        Optional.empty(),
                        List.of(
                                "input.path=" + folder.resolve("predictions"),
                                "scores.tokenizer=" + PrepareConfig.STAND_IN,
                                "scores.rule=label",
                                "masks.paste=floored",
                                in("official/predictions"))));
    }

    private JsonNode evaluate(String predictions, String output) throws IOException {
        List<String> settings = List.of(
                "input.predictions=" + folder.resolve(predictions),
                "input.ground-truth=" + corpus.resolve("annotations"),
                "metrics.boundary=true",
                "metrics.referring=true",
                "metrics.codec-ceiling=true",
                in(output));
        return EvaluateJob.run(session, EvaluateConfig.read(Optional.empty(), settings))
                .metrics();
    }

    private String report() throws IOException {
        return ReportJob.run(
                session,
                ReportConfig.read(
                        Optional.empty(),
                        List.of(
                                "input.dataset=" + folder.resolve("dataset"),
                                "input.audit=" + folder.resolve("audit"),
                                "input.predictions=" + folder.resolve("predictions"),
                                "input.metrics=" + folder.resolve("metrics"),
                                "input.ground-truth=" + truth,
                                "input.images=" + corpus.resolve("images"),
                                in("report"))));
    }

    private static List<String> names() throws IOException {
        try (InputStream list = resource("files.txt")) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private static void copy(String name, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        try (InputStream content = resource(name)) {
            Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static InputStream resource(String name) throws IOException {
        InputStream stream = DemoJob.class.getResourceAsStream(CORPUS + name);
        if (stream == null) {
            throw new IOException("Cannot read the demo corpus: " + name + " is not in the jar; build it again");
        }
        return stream;
    }
}
