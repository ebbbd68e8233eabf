package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.dataset.SplitPlan;
import io.palispark.spark.ShardFile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Whether the numbers of a manifest add up.
 *
 * @param lines counted in the files that could be read, by path
 */
record ManifestSums(PublishedFolder folder, Map<String, Long> lines) {

    /** Calls with the name of every sum and what is wrong with it, empty where nothing is. */
    void forEach(BiConsumer<String, String> sums) {
        sums.accept("fingerprint", fingerprint());
        twins(sums);
        JsonNode counts = folder.manifest().path("counts");
        switch (folder.kind()) {
            case PREPARED -> {
                records(sums, counts);
                splits(sums);
            }
            case IMAGES -> {
                records(sums, counts);
                long pictures = rows("shards");
                compare(
                        sums,
                        "rows of all shards",
                        pictures,
                        counts.path("image").path("written"));
                compare(
                        sums,
                        "rows of all rejects",
                        rows("rejects"),
                        counts.path("image").path("rejected"));
            }
            case PREDICTIONS -> {
                compare(sums, "rows of all shards", rows("shards"), counts.path("rows"));
                compare(sums, "rows of all rejects", rows("rejects"), counts.path("rejected"));
                long ended =
                        counts.path("answered").asLong() + counts.path("failed").asLong();
                compare(sums, "answered + failed", ended, counts.path("rows"));
                if (folder.manifest().has(PredictionForm.PARQUET_FOLDER)) {
                    compare(
                            sums,
                            "rows of all Parquet files",
                            rows(PredictionForm.PARQUET_FOLDER),
                            counts.path("rows"));
                }
                if (folder.manifest().has(PredictionForm.MASK_FOLDER)) {
                    compare(sums, "mask files", rows(PredictionForm.MASK_FOLDER), counts.path("masks"));
                }
            }
            case EVALUATION -> {}
        }
    }

    private String fingerprint() {
        String named = folder.manifest().path("fingerprint").asText();
        try {
            String found = folder.fingerprint();
            return found.equals(named) ? "" : named + " named, " + found + " found: the manifest was edited";
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    private void twins(BiConsumer<String, String> sums) {
        List<ShardFile> files = folder.hashed();
        for (int i = 1; i < files.size(); i++) {
            if (PublishedFolder.isTwin(files.get(i))
                    && files.get(i).rows() != files.get(i - 1).rows()) {
                sums.accept(
                        "twin of " + files.get(i - 1).path(),
                        files.get(i - 1).rows() + " rows, but " + files.get(i).rows() + " lines of its twin");
            }
        }
        for (JsonNode shard : folder.manifest().path("shards")) {
            Long indexed = lines.get(shard.path("index").path("path").asText());
            if (indexed != null && indexed != shard.path("rows").asLong()) {
                sums.accept(
                        "index of " + shard.path("path").asText(),
                        shard.path("rows").asLong() + " pictures, but " + indexed + " lines of its index");
            }
        }
    }

    /** Input = written + rejected, and every rejected record has its reason. */
    private void records(BiConsumer<String, String> sums, JsonNode counts) {
        counts.fields().forEachRemaining(kind -> {
            JsonNode tally = kind.getValue();
            long ended = tally.path("written").asLong() + tally.path("rejected").asLong();
            compare(sums, kind.getKey() + ": written + rejected", ended, tally.path("input"));
            compare(sums, kind.getKey() + ": rejected by reason", reasons(kind.getKey()), tally.path("rejected"));
        });
    }

    private long reasons(String kind) {
        long sum = 0;
        for (JsonNode reason : folder.manifest().path("reasons")) {
            boolean counted = !reason.has("record")
                    || (reason.path("record").asText().equals(kind)
                            && reason.path("outcome").asText().startsWith("reject-"));
            sum += counted ? reason.path("count").asLong() : 0;
        }
        return sum;
    }

    private void splits(BiConsumer<String, String> sums) {
        for (SplitPlan.Split split : SplitPlan.Split.values()) {
            long rows = folder.shards(split).stream().mapToLong(ShardFile::rows).sum();
            JsonNode named = folder.manifest().path("splits").path(split.text()).path("rows");
            compare(sums, split.text() + ": rows of all shards", rows, named);
        }
    }

    private long rows(String section) {
        long sum = 0;
        for (JsonNode file : folder.manifest().path(section)) {
            sum += file.path("rows").asLong();
        }
        return sum;
    }

    private static void compare(BiConsumer<String, String> sums, String name, long sum, JsonNode named) {
        sums.accept(name, sum == named.asLong() ? "" : sum + " in sum, but the manifest says " + named.asLong());
    }
}
