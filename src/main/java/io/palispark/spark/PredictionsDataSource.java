package io.palispark.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.geometry.PolygonRasterizer;
import io.palispark.geometry.PolygonRegion;
import io.palispark.geometry.RunLengthMask;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * {@code palispark-predictions}: the lines of folders that {@code generate} or {@code decode} published, a row an (image,
 * prefix), as {@link SqlTypes#PREDICTION}. Only what the manifests name is read; one task reads one shard. A shard that
 * has not the lines that its manifest says fails the query.
 */
public final class PredictionsDataSource implements TableProvider, DataSourceRegister {

    /** What the manifest of such a folder says it is. */
    public static final String KIND = "predictions";

    private static final String NAME = "palispark-predictions";

    @Override
    public String shortName() {
        return NAME;
    }

    @Override
    public StructType inferSchema(CaseInsensitiveStringMap options) {
        return SqlTypes.PREDICTION;
    }

    @Override
    public Table getTable(StructType schema, Transform[] partitioning, Map<String, String> properties) {
        List<String> folders = new SourceOptions(NAME, new CaseInsensitiveStringMap(properties))
                .refuseOthers(List.of())
                .paths();
        return new ScannedTable(NAME, String.join(", ", folders), SqlTypes.PREDICTION, () -> shards(folders));
    }

    private static List<Shard> shards(List<String> folders) throws IOException {
        Storage storage = Storage.of(SparkSession.active());
        List<Shard> shards = new ArrayList<>();
        for (String folder : folders) {
            String file = folder + "/manifest.json";
            if (storage.find(file).isEmpty()) {
                throw new IOException(folder + " has no manifest.json: nothing is published there");
            }
            JsonNode manifest = new ObjectMapper().readTree(storage.read(file));
            if (!manifest.path("kind").asText().equals(KIND)) {
                throw new IOException(
                        file + " is of kind '" + manifest.path("kind").asText() + "', not of " + KIND);
            }
            for (JsonNode shard : manifest.path("shards")) {
                ShardFile named = ShardFile.of(shard);
                if (!named.staysBelowItsFolder()) {
                    throw new IOException(file + " names '" + named.path() + "', which is no path below the folder");
                }
                shards.add(new Shard(storage, folder + "/" + named.path(), named.rows()));
            }
        }
        return shards;
    }

    private record Shard(Storage storage, String path, long rows) implements ScannedTable.Part {
        @Override
        public ScannedTable.Rows open() throws IOException {
            return new Lines(this);
        }
    }

    private static final class Lines implements ScannedTable.Rows {

        private final Shard shard;
        private final BufferedReader lines;
        private final ObjectMapper json = new ObjectMapper();
        private String next;
        private long read;

        Lines(Shard shard) throws IOException {
            this.shard = shard;
            this.lines = new BufferedReader(
                    new InputStreamReader(shard.storage().open(shard.path()), StandardCharsets.UTF_8));
            this.next = lines.readLine();
        }

        @Override
        public boolean hasNext() {
            if (next == null && read != shard.rows()) {
                throw new IllegalStateException("Cannot read " + shard.path() + ": it has " + read
                        + " lines where its manifest says " + shard.rows() + "; see inspect dataset");
            }
            return next != null;
        }

        @Override
        public Row next() {
            if (next == null) {
                throw new NoSuchElementException("Cannot read another line: " + shard.path() + " has ended");
            }
            String line = next;
            try {
                next = lines.readLine();
            } catch (IOException unreadable) {
                throw new UncheckedIOException(
                        "Cannot read " + shard.path() + ": " + unreadable.getMessage(), unreadable);
            }
            read++;
            return row(line);
        }

        private Row row(String line) {
            try {
                JsonNode node = json.readTree(line);
                if (node instanceof ObjectNode) {
                    node.path("objects").forEach(object -> polygonsToRuns(object, node));
                    return JsonRows.row(node, SqlTypes.PREDICTION);
                }
                return rejected("the line is no JSON object");
            } catch (JsonProcessingException malformed) {
                return rejected(malformed.getOriginalMessage());
            } catch (IllegalArgumentException unexpected) {
                return rejected(unexpected.getMessage());
            }
        }

        private static void polygonsToRuns(JsonNode object, JsonNode line) {
            JsonNode polygons = object.path("segmentation");
            if (object instanceof ObjectNode found && polygons.isArray()) {
                RunLengthMask mask = SqlValues.size(
                                line.path("height").numberValue(),
                                line.path("width").numberValue())
                        .flatMap(size -> SqlValues.region(polygons.toString())
                                .filter(PolygonRegion.class::isInstance)
                                .map(rings -> PolygonRasterizer.rasterize((PolygonRegion) rings, size)))
                        .orElseThrow(() -> new IllegalArgumentException("segmentation is no mask of the picture"));
                ObjectNode runs = found.putObject("segmentation").put("counts", mask.counts());
                runs.putArray("size").add(mask.size().height()).add(mask.size().width());
            }
        }

        private Row rejected(String why) {
            return JsonRows.row(
                    json.createObjectNode()
                            .put("reject", "syntax-invalid")
                            .put("detail", shard.path() + " line " + read + ": " + why),
                    SqlTypes.PREDICTION);
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
