package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.dataset.SplitPlan;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.ImageShards;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.ShardFile;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A folder that a job published, as its manifest describes it. Paths are below the folder, with forward slashes; a
 * manifest that names one outside is refused.
 *
 * @param root path of the folder
 * @param kind what it holds
 * @param manifest its manifest.json
 */
record PublishedFolder(Storage storage, String root, Kind kind, ObjectNode manifest) {

    static final String MANIFEST = "manifest.json";
    static final String METRICS = "metrics.json";

    /** Of the run block. */
    private static final String FILES = "files";

    private static final long LARGEST_MANIFEST = 1L << 29;

    /** What a manifest says the folder holds. */
    enum Kind {
        PREPARED(PrepareManifest.KIND),
        PREDICTIONS(PredictionManifest.KIND),
        IMAGES(ImageShards.KIND),
        EVALUATION(EvaluationFolder.KIND);

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /** The folder at a path; empty where no manifest is. */
    static Optional<PublishedFolder> find(Storage storage, String root) throws IOException {
        Optional<Storage.Listed> file = storage.find(root + "/" + MANIFEST);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        if (file.get().bytes() > LARGEST_MANIFEST) {
            throw new IOException("Cannot read " + file.get().path() + ": "
                    + file.get().bytes() + " bytes are more than a manifest has");
        }
        if (!(new ObjectMapper().readTree(storage.read(file.get().path())) instanceof ObjectNode manifest)) {
            throw new IOException("Cannot read " + file.get().path() + ": it is no JSON object");
        }
        for (ShardFile named : hashed(manifest)) {
            if (!named.staysBelowItsFolder()) {
                throw new IOException("Cannot use " + file.get().path() + ": it names '" + named.path()
                        + "', which is no path below the folder");
            }
        }
        return Optional.of(new PublishedFolder(storage, root, kind(file.get().path(), manifest), manifest));
    }

    private static Kind kind(String file, JsonNode manifest) throws IOException {
        String text = manifest.path("kind").asText();
        for (Kind kind : Kind.values()) {
            if (kind.text.equals(text)) {
                return kind;
            }
        }
        throw new IOException("Cannot use " + file + ": its kind '" + text + "' is none that this version writes");
    }

    /** The files that the manifest gives a hash of, in its order. */
    List<ShardFile> hashed() {
        return hashed(manifest);
    }

    private static List<ShardFile> hashed(JsonNode manifest) {
        List<ShardFile> files = new ArrayList<>();
        for (JsonNode shard : manifest.path("shards")) {
            files.add(ShardFile.of(shard));
            if (shard.has("index")) {
                files.add(ShardFile.of(shard.path("index")));
            }
        }
        manifest.path("rejects").forEach(file -> files.add(ShardFile.of(file)));
        for (String list : PredictionManifest.BESIDE_SHARDS) {
            manifest.path(list).forEach(file -> files.add(ShardFile.of(file)));
        }
        if (manifest.has(PrepareManifest.HAND_OFF)) {
            files.add(ShardFile.of(manifest.path(PrepareManifest.HAND_OFF)));
        }
        files.addAll(named(manifest));
        return files;
    }

    /** Writes down files of names of their own; a fingerprint leaves them out. */
    static void name(ObjectNode run, List<ShardFile> files) {
        ArrayNode list = run.putArray(FILES);
        files.forEach(file -> list.add(file.description()));
    }

    /** The files that {@link #name} wrote down in a manifest's run block. */
    static List<ShardFile> named(JsonNode manifest) {
        List<ShardFile> files = new ArrayList<>();
        manifest.path("run").path(FILES).forEach(file -> files.add(ShardFile.of(file)));
        return files;
    }

    /** The pictures of a tiled dataset, as the receipts of its parts tell. */
    List<ShardFile> pictures() throws IOException {
        List<ShardFile> pictures = new ArrayList<>();
        Set<String> shards = new HashSet<>();
        hashed().forEach(file -> shards.add(file.path()));
        CommittedFolder folder = new CommittedFolder(storage, root, "");
        ObjectMapper json = new ObjectMapper();
        int part = 0;
        for (Optional<PartReceipt> receipt = folder.receiptInPlace(part, json);
                receipt.isPresent();
                receipt = folder.receiptInPlace(++part, json)) {
            boolean isOfThisDataset =
                    receipt.get().data().stream().map(ShardFile::path).allMatch(shards::contains);
            if (isOfThisDataset) {
                pictures.addAll(receipt.get().pictures());
            }
        }
        return pictures.stream()
                .filter(ShardFile::staysBelowItsFolder)
                .distinct()
                .toList();
    }

    /** The data shards of a split of a prepared dataset, in order, without their twins. */
    List<ShardFile> shards(SplitPlan.Split split) {
        return hashed().stream()
                .filter(file -> file.path().startsWith("data/" + split.text() + "-") && !isTwin(file))
                .toList();
    }

    /** True for the lines beside another file's lines. */
    static boolean isTwin(ShardFile file) {
        return file.path().endsWith(".meta.jsonl");
    }

    /** The splits that are also there as one file each. */
    List<SplitPlan.Split> singleFiles() {
        boolean written = kind == Kind.PREPARED
                && manifest.path("config").path("output").path("single-file").asBoolean();
        return written ? List.of(SplitPlan.Split.values()) : List.of();
    }

    static String singleFile(SplitPlan.Split split) {
        return split.text() + ".jsonl";
    }

    /** Files, and folders with a slash at their end, that belong to it without a hash in its manifest; not all need exist. */
    Set<String> unhashed() {
        Set<String> names = new LinkedHashSet<>(Set.of(MANIFEST));
        switch (kind) {
            case PREPARED -> {
                names.addAll(List.of("report/index.html", CommittedFolder.RECEIPTS));
                if (manifest.has("images")) {
                    names.add(ViewPictures.FOLDER + "/");
                }
                singleFiles().forEach(split -> names.add(singleFile(split)));
            }
            case PREDICTIONS -> names.addAll(List.of(CocoResultFiles.BOXES, CocoResultFiles.MASKS));
            case EVALUATION -> names.add(METRICS);
            case IMAGES -> {}
        }
        return names;
    }

    /** Path below the folder of a listed file. */
    String relative(Storage.Listed file) throws IOException {
        return file.path().substring(storage.qualified(root).length() + 1);
    }

    /** The hash that a manifest's fingerprint must be: of everything but itself and the run block. */
    String fingerprint() throws IOException {
        ObjectNode stable = manifest.deepCopy();
        stable.remove(List.of("fingerprint", "run"));
        if (kind != Kind.EVALUATION) {
            return PrepareManifest.sha256(stable.toString());
        }
        JsonNode metrics = new ObjectMapper().readTree(storage.read(root + "/" + METRICS));
        if (metrics instanceof ObjectNode object) {
            object.remove("run");
        }
        return PrepareManifest.sha256(metrics + stable.toString());
    }
}
