package io.palispark.job;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** The bundled corpus through the jobs, so that the first command shows real output offline. */
public final class DemoJob {

    private static final String CORPUS = "/io/palispark/demo/";

    /** Enough parts for a laptop's cores to be done at about the same time. */
    private static final int PART_ROWS = 64;

    private DemoJob() {}

    /**
     * @param prepared result of {@code prepare}
     * @param audited result of {@code audit}
     * @param generated result of {@code generate} on the prepared rows
     * @param page the page to open
     */
    public record Result(PrepareResult prepared, AuditResult audited, GenerateResult generated, Path page) {}

    /**
     * Lays the corpus into {@code folder}, prepares it there, measures what its tokens keep, and lets the stand-in
     * answer the prepared rows.
     *
     * @param overrides settings of {@code prepare}
     */
    public static Result run(SparkSession session, Path folder, List<String> overrides) throws IOException {
        Path corpus = folder.resolve("corpus");
        for (String name : names()) {
            copy(name, corpus.resolve(name));
        }
        Path dataset = folder.resolve("dataset");
        List<String> settings = new java.util.ArrayList<>(List.of(
                "input.annotations=" + corpus.resolve("annotations"),
                "task=[segment, caption, vqa]",
                // the stand-in was trained on prompts of one class
                "prompt.rows-per=class",
                "input.images=" + corpus.resolve("images"),
                "output.path=" + dataset));
        settings.addAll(overrides);
        PrepareResult prepared = PrepareJob.run(session, PrepareConfig.read(Optional.empty(), settings));
        AuditResult audited = AuditJob.run(
                session,
                AuditConfig.read(
                        Optional.empty(),
                        List.of(
                                "input.annotations=" + corpus.resolve("annotations/instances.json"),
                                "output.path=" + folder.resolve("audit"))));
        GenerateConfig generation = GenerateConfig.read(
                Optional.empty(),
                List.of(
                        "input.rows=" + dataset,
                        "input.images=" + corpus.resolve("images"),
                        "output.part-rows=" + PART_ROWS,
                        "output.path=" + folder.resolve("predictions")));
        GenerateResult generated = GenerateJob.run(session, generation);
        return new Result(prepared, audited, generated, dataset.resolve("report/index.html"));
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
