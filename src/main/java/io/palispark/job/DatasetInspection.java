package io.palispark.job;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.dataset.SplitPlan;
import io.palispark.dataset.StableHash;
import io.palispark.spark.ShardFile;
import io.palispark.spark.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * {@code inspect dataset}: every file of a published folder held against its manifest, and the manifest against itself.
 * A line {@code {"file","verdict","detail"?}} a file, a line {@code {"check","verdict","detail"?}} a sum, and a last
 * line with the number of each verdict.
 */
public final class DatasetInspection {

    private static final int BUFFER = 1 << 16;

    private final Storage storage;
    private final PublishedFolder folder;
    private final Consumer<ObjectNode> lines;
    private final Map<Verdict, Integer> verdicts = new TreeMap<>();
    private final Map<String, Long> lineCounts = new HashMap<>();

    /** What was found of a file or a sum. */
    private enum Verdict {
        OK,
        /** Belongs to the folder, but the manifest has no hash of it. */
        UNHASHED,
        MISSING,
        UNREADABLE,
        BYTES_DIFFER,
        HASH_DIFFERS,
        ROWS_DIFFER,
        /** No manifest names it: an earlier dataset's, or nobody's. */
        UNNAMED,
        SUM_DIFFERS;

        boolean isFault() {
            return this != OK && this != UNHASHED;
        }
    }

    private DatasetInspection(PublishedFolder folder, Consumer<ObjectNode> lines) {
        this.storage = folder.storage();
        this.folder = folder;
        this.lines = lines;
    }

    /**
     * Reads every byte of a folder that {@code prepare}, {@code shard}, {@code generate}, {@code decode} or
     * {@code evaluate} published.
     *
     * @param root the folder, on any Hadoop file system
     * @param lines gets the lines in order
     * @return true when nothing is wrong
     * @throws IOException when there is no manifest that can be used
     */
    public static boolean run(String root, Consumer<ObjectNode> lines) throws IOException {
        PublishedFolder folder = PublishedFolder.find(Storage.withoutSession(), root)
                .orElseThrow(() -> new FileNotFoundException(
                        "Cannot inspect " + root + ": it has no " + PublishedFolder.MANIFEST));
        return new DatasetInspection(folder, lines).run();
    }

    private boolean run() throws IOException {
        Map<String, Storage.Listed> found = new TreeMap<>();
        for (Storage.Listed file : storage.list(folder.root())) {
            found.put(folder.relative(file), file);
        }
        for (ShardFile file : folder.hashed()) {
            inspect(file, found.remove(file.path()));
        }
        for (ShardFile picture : folder.pictures()) {
            inspect(picture, found.remove(picture.path()));
        }
        for (SplitPlan.Split split : folder.singleFiles()) {
            inspectSingleFile(split, found.remove(PublishedFolder.singleFile(split)));
        }
        for (String name : found.keySet()) {
            if (isUnhashed(name)) {
                file(name, Verdict.UNHASHED, "");
            } else {
                file(name, Verdict.UNNAMED, "no manifest names it; gc removes such files");
            }
        }
        new ManifestSums(folder, lineCounts)
                .forEach((name, detail) ->
                        report("check", name, detail.isEmpty() ? Verdict.OK : Verdict.SUM_DIFFERS, detail));
        return summary();
    }

    private boolean isUnhashed(String name) {
        return folder.unhashed().stream()
                .anyMatch(known -> known.endsWith("/") ? name.startsWith(known) : name.equals(known));
    }

    private void inspect(ShardFile named, Storage.Listed found) {
        if (found == null) {
            file(named.path(), Verdict.MISSING, "");
            return;
        }
        try {
            Content content = Content.of(storage, List.of(found.path()));
            lineCounts.put(named.path(), content.lines());
            if (content.bytes() != named.bytes()) {
                file(named.path(), Verdict.BYTES_DIFFER, named.bytes() + " named, " + content.bytes() + " found");
            } else if (!content.sha256().equals(named.sha256())) {
                file(named.path(), Verdict.HASH_DIFFERS, named.sha256() + " named, " + content.sha256() + " found");
            } else if (named.path().endsWith(".jsonl") && content.lines() != named.rows()) {
                file(named.path(), Verdict.ROWS_DIFFER, named.rows() + " named, " + content.lines() + " found");
            } else {
                file(named.path(), Verdict.OK, "");
            }
        } catch (IOException unreadable) {
            file(named.path(), Verdict.UNREADABLE, unreadable.toString());
        }
    }

    /** A split's own file must be its shards, one after the other. */
    private void inspectSingleFile(SplitPlan.Split split, Storage.Listed found) {
        String name = PublishedFolder.singleFile(split);
        if (found == null) {
            file(name, Verdict.MISSING, "");
            return;
        }
        try {
            List<String> shards = folder.shards(split).stream()
                    .map(shard -> folder.root() + "/" + shard.path())
                    .toList();
            boolean same = Content.of(storage, shards).equals(Content.of(storage, List.of(found.path())));
            file(name, same ? Verdict.OK : Verdict.HASH_DIFFERS, same ? "" : "it is not the shards of its split");
        } catch (IOException unreadable) {
            file(name, Verdict.UNREADABLE, unreadable.toString());
        }
    }

    private boolean summary() {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("dataset", folder.root())
                .put("kind", folder.manifest().path("kind").asText());
        line.put("fingerprint", folder.manifest().path("fingerprint").asText());
        ObjectNode counts = line.putObject("verdicts");
        verdicts.forEach((verdict, count) -> counts.put(Settings.spelling(verdict), count));
        boolean sound = verdicts.keySet().stream().noneMatch(Verdict::isFault);
        lines.accept(line.put("sound", sound));
        return sound;
    }

    private void file(String name, Verdict verdict, String detail) {
        report("file", name, verdict, detail);
    }

    private void report(String subject, String name, Verdict verdict, String detail) {
        verdicts.merge(verdict, 1, Integer::sum);
        ObjectNode line = JsonNodeFactory.instance.objectNode().put(subject, name);
        line.put("verdict", Settings.spelling(verdict));
        lines.accept(detail.isEmpty() ? line : line.put("detail", detail));
    }

    /** Length, line feeds and hash of files one after the other. */
    private record Content(long bytes, long lines, String sha256) {

        static Content of(Storage storage, List<String> paths) throws IOException {
            MessageDigest digest = StableHash.sha256();
            byte[] buffer = new byte[BUFFER];
            long bytes = 0;
            long lines = 0;
            for (String path : paths) {
                try (InputStream stream = storage.open(path)) {
                    for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                        digest.update(buffer, 0, count);
                        bytes += count;
                        for (int i = 0; i < count; i++) {
                            lines += buffer[i] == '\n' ? 1 : 0;
                        }
                    }
                }
            }
            return new Content(bytes, lines, HexFormat.of().formatHex(digest.digest()));
        }
    }
}
