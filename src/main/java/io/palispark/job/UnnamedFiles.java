package io.palispark.job;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.ShardFile;
import io.palispark.spark.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * {@code gc}: files of a published folder that its manifest does not name and that are older than an age limit. A line
 * {@code {"file","bytes","modified","deleted"}} each and a last line with sums.
 *
 * <p>What is spared: what the manifest names, subfolders with a manifest of their own, and everything unnamed while a
 * run's staged files are younger than the limit, as that run may be publishing. A staged run is as old as its youngest
 * file, or as the claim of the run that lives. In a folder without a manifest only staged files are considered.
 */
public final class UnnamedFiles {

    private final Storage storage;
    private final String root;
    private final Instant limit;
    private final Disposal disposal;

    /** What is done with a file. */
    public enum Disposal {
        LIST,
        DELETE
    }

    private UnnamedFiles(Storage storage, String root, Instant limit, Disposal disposal) {
        this.storage = storage;
        this.root = root;
        this.limit = limit;
        this.disposal = disposal;
    }

    /**
     * Lists or deletes.
     *
     * @param root the folder, on any Hadoop file system
     * @param age files last changed less than this before {@code now} are spared
     * @param lines gets the lines in order
     * @throws IOException when the folder is not one of ours: nothing is deleted then
     */
    public static void run(String root, Duration age, Instant now, Disposal disposal, Consumer<ObjectNode> lines)
            throws IOException {
        String folder = root.endsWith("/") && root.length() > 1 ? root.substring(0, root.length() - 1) : root;
        new UnnamedFiles(Storage.withoutSession(), folder, now.minus(age), disposal).run(lines);
    }

    private void run(Consumer<ObjectNode> lines) throws IOException {
        // listed before the manifest is read: what is published in between is named by then
        Map<String, Storage.Listed> files = files();
        Optional<PublishedFolder> published = PublishedFolder.find(storage, root);
        if (published.isEmpty()
                && files.keySet().stream().noneMatch(name -> name.startsWith(CommittedFolder.STAGING))) {
            throw new FileNotFoundException("Cannot collect files of " + root + ": it has neither a "
                    + PublishedFolder.MANIFEST + " nor staged files, so it is no folder of ours");
        }
        Map<String, Instant> runs = runs(files);
        boolean mayBePublishing = runs.values().stream().anyMatch(youngest -> !youngest.isBefore(limit));
        Set<String> spared = spared(published, files.keySet());
        long count = 0;
        long bytes = 0;
        for (Map.Entry<String, Storage.Listed> file : files.entrySet()) {
            String name = file.getKey();
            boolean staged = name.startsWith(CommittedFolder.STAGING);
            Instant modified = staged ? youngest(runs, name) : modified(file.getValue());
            boolean considered = staged || (published.isPresent() && !mayBePublishing);
            if (considered && !isSpared(name, spared) && modified.isBefore(limit)) {
                lines.accept(dispose(name, file.getValue()));
                count++;
                bytes += file.getValue().bytes();
            }
        }
        lines.accept(JsonNodeFactory.instance
                .objectNode()
                .put("folder", root)
                .put("files", count)
                .put("bytes", bytes)
                .put("deleted", disposal == Disposal.DELETE));
    }

    private Map<String, Storage.Listed> files() throws IOException {
        Map<String, Storage.Listed> files = new TreeMap<>();
        String start = storage.qualified(root) + "/";
        for (Storage.Listed file : storage.listAll(root)) {
            files.put(file.path().substring(start.length()), file);
        }
        return files;
    }

    private static Map<String, Instant> runs(Map<String, Storage.Listed> files) {
        Map<String, Instant> runs = new HashMap<>();
        files.forEach((name, file) -> {
            if (name.startsWith(CommittedFolder.STAGING)) {
                runs.merge(run(name), modified(file), (one, other) -> one.isAfter(other) ? one : other);
            }
        });
        return runs;
    }

    /** Of a staged run's files and of the claim that a living run keeps fresh. */
    private static Instant youngest(Map<String, Instant> runs, String name) {
        Instant claimed = runs.getOrDefault(CommittedFolder.STAGING, Instant.MIN);
        Instant staged = runs.get(run(name));
        return staged.isAfter(claimed) ? staged : claimed;
    }

    private static String run(String name) {
        return name.substring(
                0, Math.max(name.indexOf('/', CommittedFolder.STAGING.length()), CommittedFolder.STAGING.length()));
    }

    /** Names of files, and of folders with a slash at their end. */
    private static Set<String> spared(Optional<PublishedFolder> published, Set<String> names) {
        Set<String> spared = new HashSet<>();
        published.ifPresent(folder -> {
            spared.addAll(folder.unhashed());
            folder.hashed().stream().map(ShardFile::path).forEach(spared::add);
        });
        names.stream()
                .filter(name -> name.endsWith("/" + PublishedFolder.MANIFEST))
                .map(name -> name.substring(0, name.length() - PublishedFolder.MANIFEST.length()))
                .forEach(spared::add);
        return spared;
    }

    private static boolean isSpared(String name, Set<String> spared) {
        if (spared.contains(name)) {
            return true;
        }
        for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
            if (spared.contains(name.substring(0, slash + 1))) {
                return true;
            }
        }
        return false;
    }

    private ObjectNode dispose(String name, Storage.Listed file) throws IOException {
        if (disposal == Disposal.DELETE) {
            storage.deleteFile(file.path());
        }
        return JsonNodeFactory.instance
                .objectNode()
                .put("file", name)
                .put("bytes", file.bytes())
                .put("modified", modified(file).toString())
                .put("deleted", disposal == Disposal.DELETE);
    }

    private static Instant modified(Storage.Listed file) {
        return Instant.ofEpochMilli(file.modified());
    }
}
