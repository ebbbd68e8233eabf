package io.palispark.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.geometry.PolygonRasterizer;
import io.palispark.geometry.PolygonRegion;
import io.palispark.geometry.RunLengthMask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
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
 * has not the lines that its manifest says fails the query. The option {@code line-bytes} limits a line as in {@code
 * conf/decode.conf}; a longer one is rejected.
 */
public final class PredictionsDataSource implements TableProvider, DataSourceRegister {

    /** What the manifest of such a folder says it is. */
    public static final String KIND = "predictions";

    private static final String NAME = "palispark-predictions";
    private static final String LINE_BYTES = "line-bytes";

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
        SourceOptions options =
                new SourceOptions(NAME, new CaseInsensitiveStringMap(properties)).refuseOthers(List.of(LINE_BYTES));
        List<String> folders = options.paths();
        int lineBytes = options.bytes(LINE_BYTES, 16 << 20, 1 << 30);
        return new ScannedTable(
                NAME, String.join(", ", folders), SqlTypes.PREDICTION, () -> shards(folders, lineBytes));
    }

    private static List<Shard> shards(List<String> folders, int lineBytes) throws IOException {
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
                shards.add(new Shard(storage, folder + "/" + named.path(), named.rows(), lineBytes));
            }
        }
        return shards;
    }

    private record Shard(Storage storage, String path, long rows, int lineBytes) implements ScannedTable.Part {
        @Override
        public ScannedTable.Rows open(StructType columns) throws IOException {
            return new Lines(this, columns);
        }
    }

    private static final class Lines implements ScannedTable.Rows {

        private final Shard shard;
        private final TextLines.Lines lines;
        private final int[] columns;
        private final ObjectMapper json = new ObjectMapper();
        private long read;

        Lines(Shard shard, StructType columns) throws IOException {
            this.shard = shard;
            this.columns = Arrays.stream(columns.fieldNames())
                    .mapToInt(SqlTypes.PREDICTION::fieldIndex)
                    .toArray();
            this.lines = TextLines.ofFile(shard.storage(), shard.path(), shard.lineBytes());
        }

        @Override
        public boolean hasNext() {
            if (!lines.hasNext() && read != shard.rows()) {
                throw new IllegalStateException("Cannot read " + shard.path() + ": it has " + read
                        + " lines where its manifest says " + shard.rows() + "; see inspect dataset");
            }
            return lines.hasNext();
        }

        @Override
        public Row next() {
            String line = lines.next().text();
            read++;
            Row whole =
                    line == null ? rejected("it is longer than " + LINE_BYTES + " = " + shard.lineBytes()) : row(line);
            return RowFactory.create(Arrays.stream(columns).mapToObj(whole::get).toArray());
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
