package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.report.Page;
import io.palispark.report.PictureGrid;
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
     * @throws IOException when an input that is named cannot be read or the output not written
     */
    public static String run(SparkSession session, ReportConfig config) throws IOException {
        return new ReportJob(session, config).run();
    }

    private String run() throws IOException {
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
        ReportPages pages = new ReportPages(dataset, predictions.map(PredictionFolder::manifest), metrics);
        write(0, pages.overview(page(0)));
        write(1, pages.dataset(page(1)));
        write(2, predictions(page(2), predictions));
        write(3, pages.metrics(page(3)));
        write(4, pages.run(page(4)));
        return config.output() + "/" + PAGES.get(0).file();
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
        return page.paragraph("Ground truth left, prediction right. The IoU of a picture is the mean over its annotated"
                        + " objects, 0 for one that was not found.")
                .grid(new PictureGrid(new ReportPictures(config, storage, spark).write(folder.get())));
    }

    private static Page page(int number) {
        return new Page(PAGES.get(number).name(), "Palispark report").navigation(PAGES);
    }

    private void write(int number, Page page) throws IOException {
        storage.write(
                config.output() + "/" + PAGES.get(number).file(), page.html().getBytes(StandardCharsets.UTF_8));
    }
}
