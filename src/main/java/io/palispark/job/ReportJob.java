package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.report.Page;
import io.palispark.report.PictureGrid;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.OutputException;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** What a run did, as pages that open from disk: overview, dataset, predictions, metrics, run. */
public final class ReportJob {

    private static final List<Page.Link> PAGES = List.of(
            new Page.Link("Overview", "index.html"),
            new Page.Link("Dataset", "dataset.html"),
            new Page.Link("Predictions", "predictions.html"),
            new Page.Link("Metrics", "metrics.html"),
            new Page.Link("Run", "run.html"));

    private final ReportConfig config;
    private final Storage storage;
    private final JavaSparkContext spark;
    private final ObjectMapper json = new ObjectMapper();

    private ReportJob(SparkSession session, ReportConfig config) {
        this.config = config;
        this.storage = Storage.of(session);
        this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    }

    /**
     * Writes the pages.
     *
     * @return the path of the first page
     * @throws OutputException when another run writes the folder, or it cannot be written
     * @throws IOException when an input that is named cannot be read
     */
    public static String run(SparkSession session, ReportConfig config) throws IOException {
        Storage storage = Storage.of(session);
        CommittedFolder output = new CommittedFolder(storage, config.output(), "report");
        try (OutputClaim claim = OutputClaim.take(storage, output, "report")) {
            return new ReportJob(session, config).run(claim);
        }
    }

    private String run(OutputClaim claim) throws IOException {
        Optional<JsonNode> dataset = document(config.input().dataset(), "manifest.json");
        Optional<JsonNode> metrics = document(config.input().metrics(), "metrics.json");
        Optional<PredictionFolder> predictions = Optional.empty();
        if (config.input().predictions() != null) {
            predictions = PredictionFolder.find(storage, config.input().predictions());
            if (predictions.isEmpty()) {
                throw new IOException(
                        "Cannot report on " + config.input().predictions() + ": it has no manifest of predictions");
            }
        }
        Optional<JsonNode> manifest = predictions.map(PredictionFolder::manifest);
        write(0, new ReportOverview(dataset, manifest, metrics).write(page(0)));
        write(1, dataset(page(1), dataset));
        write(2, predictions(page(2), predictions));
        write(
                3,
                metrics.isPresent()
                        ? new ReportMetrics(metrics.get()).write(page(3))
                        : page(3).paragraph("No metrics were given to this report."));
        write(4, runs(page(4), dataset, manifest, metrics));
        claim.confirm();
        return config.output() + "/" + PAGES.get(0).file();
    }

    private Page dataset(Page page, Optional<JsonNode> dataset) throws IOException {
        return dataset.isEmpty()
                ? page.paragraph("No prepared dataset was given to this report.")
                : new ReportDataset(dataset.get(), document(config.input().audit(), "audit.json")).write(page);
    }

    private Page runs(Page page, Optional<JsonNode> dataset, Optional<JsonNode> predictions, Optional<JsonNode> metrics)
            throws IOException {
        ReportOverview.warn(page, dataset, predictions);
        ReportRun run = new ReportRun(storage);
        if (dataset.isPresent()) {
            run.add(page, "prepare", Optional.of(config.input().dataset()), dataset.get());
        }
        if (predictions.isPresent()) {
            String job = predictions.get().path("job").asText();
            run.add(page, job, Optional.of(config.input().predictions()), predictions.get());
        }
        if (metrics.isPresent()) {
            run.add(page, "evaluate", Optional.empty(), metrics.get());
        }
        return page;
    }

    private Optional<JsonNode> document(String folder, String name) throws IOException {
        if (folder == null) {
            return Optional.empty();
        }
        if (storage.find(folder + "/" + name).isEmpty()) {
            throw new IOException("Cannot report on " + folder + ": it has no " + name);
        }
        return Optional.of(json.readTree(storage.read(folder + "/" + name)));
    }

    private Page predictions(Page page, Optional<PredictionFolder> folder) throws IOException {
        if (folder.isEmpty()) {
            return page.paragraph("No predictions were given to this report.");
        }
        ReportPictures.Written written = new ReportPictures(config, storage, spark).write(folder.get());
        return page.paragraph("Ground truth left, prediction right. The IoU of a picture is the mean over its annotated"
                        + " objects, 0 for one that was not found.")
                .paragraph(
                        "%d of %d pictures are here (limits.pictures = %d), %d of them with their pixels (limits.thumbnails = %d); of more, those come whose names a stable hash puts first."
                                .formatted(
                                        written.shown(),
                                        written.all(),
                                        config.most().pictures(),
                                        written.thumbnails(),
                                        config.most().thumbnails()))
                .grid(new PictureGrid(ReportPictures.INDEX));
    }

    private static Page page(int number) {
        return new Page(PAGES.get(number).name(), "Palispark report").navigation(PAGES);
    }

    private void write(int number, Page page) throws IOException {
        storage.write(
                config.output() + "/" + PAGES.get(number).file(), page.html().getBytes(StandardCharsets.UTF_8));
    }
}
