package io.palispark.spark;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.dataset.StableHash;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A dataset folder whose {@code manifest.json} decides what belongs to it. Tasks write whole files into a staging folder
 * under names that contain their content's hash, so a repeated or killed task can do no harm; publishing moves them
 * beside the old dataset and replaces the manifest last. Until then the old dataset stands.
 */
public final class CommittedFolder implements Serializable {

    /** Below the root: what runs have made and not published. */
    public static final String STAGING = "_staging/";

    /** Below the root: which run writes the folder. */
    public static final String CLAIM = STAGING + "claim.json";

    /** Below the root: what {@link ReadingNotes} are written to. */
    static final String READING = STAGING + "reading/";

    /** Below the root: how the published parts were made. */
    public static final String RECEIPTS = "_receipts/";

    private static final long serialVersionUID = 1L;
    private static final int NAME_HASH_DIGITS = 16;
    private static final Logger LOG = LoggerFactory.getLogger(CommittedFolder.class);

    private final Storage storage;
    private final String root;
    private final String staging;

    /**
     * @param root the dataset folder
     * @param run what identifies the work: the same input and configuration find what an earlier, killed run left
     */
    public CommittedFolder(Storage storage, String root, String run) {
        this.storage = storage;
        this.root = root.endsWith("/") ? root.substring(0, root.length() - 1) : root;
        this.staging = this.root + "/" + STAGING + run;
    }

    public String root() {
        return root;
    }

    Storage storage() {
        return storage;
    }

    List<Storage.Listed> readingNotes() throws IOException {
        try {
            return storage.listAll(root + "/" + READING);
        } catch (FileNotFoundException none) {
            return List.of();
        }
    }

    /**
     * Stages a file of lines, each of which gets a line feed.
     *
     * @param folder below the dataset folder, such as {@code data} or {@code rejects}
     * @param name what stands before the hash
     * @param extension what stands behind it, with its dot
     */
    public ShardFile stage(String folder, String name, String extension, List<String> lines) throws IOException {
        return stage(folder, name, extension, lines.size(), text(lines));
    }

    /** Stages a file of bytes that holds this many rows. */
    public ShardFile stage(String folder, String name, String extension, long rows, byte[] bytes) throws IOException {
        String hash = sha256(bytes);
        return stage(pathOf(folder, name, extension, hash), rows, bytes, hash);
    }

    /** The path that a file of these bytes is staged and published under. */
    public static String pathOf(String folder, String name, String extension, byte[] bytes) {
        return pathOf(folder, name, extension, sha256(bytes));
    }

    private static String pathOf(String folder, String name, String extension, String hash) {
        return folder + "/" + name + "-" + hash.substring(0, NAME_HASH_DIGITS) + extension;
    }

    /** Stages lines that belong to another file and are named after that file's hash. */
    public ShardFile stageTwin(String folder, String name, List<String> lines) throws IOException {
        byte[] bytes = text(lines);
        return stage(folder + "/" + name, lines.size(), bytes, sha256(bytes));
    }

    /** Stages a file of a name of its own, which {@link #publish} puts in place of an earlier dataset's. */
    public ShardFile stageNamed(String path, Storage.Content content) throws OutputException {
        MessageDigest digest = StableHash.sha256();
        LongAdder bytes = new LongAdder();
        storage.write(staging + "/" + path, stream -> {
            OutputStream counted = new DigestOutputStream(stream, digest) {
                @Override
                public void write(int one) throws IOException {
                    super.write(one);
                    bytes.increment();
                }

                @Override
                public void write(byte[] many, int from, int count) throws IOException {
                    super.write(many, from, count);
                    bytes.add(count);
                }
            };
            content.writeTo(counted);
            counted.flush();
        });
        return new ShardFile(path, 0, bytes.sum(), HexFormat.of().formatHex(digest.digest()));
    }

    private ShardFile stage(String path, long rows, byte[] bytes, String hash) throws IOException {
        storage.write(staging + "/" + path, bytes);
        return new ShardFile(path, rows, bytes.length, hash);
    }

    private static byte[] text(List<String> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(StableHash.sha256().digest(bytes));
    }

    /** Writes down that a part is finished; its files must be staged. */
    public void finish(PartReceipt receipt, ObjectMapper json) throws IOException {
        storage.write(receiptPath(receipt.part()), json.writeValueAsBytes(receipt));
    }

    /** Writes down something about a part that is not finished, replacing what had this number. */
    public void stageUnfinished(int part, int number, byte[] content) throws IOException {
        storage.write(unfinishedPath(part) + "/%05d".formatted(number), content);
    }

    /** What {@link #stageUnfinished} wrote last under this number. */
    public Optional<byte[]> unfinished(int part, int number) throws IOException {
        String path = unfinishedPath(part) + "/%05d".formatted(number);
        return storage.find(path).isEmpty() ? Optional.empty() : Optional.of(storage.read(path));
    }

    /** Deletes all that {@link #stageUnfinished} wrote about a part. */
    public void dropUnfinished(int part) throws IOException {
        storage.deleteFolder(unfinishedPath(part));
    }

    /** The receipt of a part that an earlier run finished from the same input, when all its files are still as they were. */
    public Optional<PartReceipt> finished(int part, String input, ObjectMapper json) throws IOException {
        return intact(
                staging,
                receipt(receiptPath(part), json).filter(found -> found.input().equals(input)));
    }

    /** The same of a part whose files are in place, when its input is one of these. */
    public Optional<PartReceipt> inPlace(int part, Set<String> inputs, ObjectMapper json) throws IOException {
        return intact(root, receiptInPlace(part, json).filter(found -> inputs.contains(found.input())));
    }

    /** What {@link #keep} wrote for this part; its files may have changed since. */
    public Optional<PartReceipt> receiptInPlace(int part, ObjectMapper json) throws IOException {
        return receipt(keptReceiptPath(part), json);
    }

    private Optional<PartReceipt> receipt(String path, ObjectMapper json) throws IOException {
        return storage.find(path).isEmpty()
                ? Optional.empty()
                : Optional.of(json.readValue(storage.read(path), PartReceipt.class));
    }

    private Optional<PartReceipt> intact(String folder, Optional<PartReceipt> receipt) throws IOException {
        for (ShardFile file : receipt.map(PartReceipt::files).orElse(List.of())) {
            if (!holds(folder, file)) {
                return Optional.empty();
            }
        }
        for (ShardFile picture : receipt.map(PartReceipt::pictures).orElse(List.of())) {
            if (!holds(picture)) {
                return Optional.empty();
            }
        }
        return receipt;
    }

    /** Writes a file in place that belongs to one row, unless it is there with these bytes. */
    public ShardFile put(String path, byte[] bytes) throws IOException {
        ShardFile file = new ShardFile(path, 1, bytes.length, sha256(bytes));
        if (!holds(file)) {
            storage.write(root + "/" + path, bytes);
        }
        return file;
    }

    /** Whether a file is in place with the bytes it was written with. */
    public boolean holds(ShardFile file) throws IOException {
        return holds(root, file);
    }

    private boolean holds(String folder, ShardFile file) throws IOException {
        String path = folder + "/" + file.path();
        return storage.find(path).isPresent() && storage.sha256(path).equals(file.sha256());
    }

    /** Keeps the receipt of a part whose files are in place, so that a later run of the same input need not make them. */
    public void keep(PartReceipt receipt, ObjectMapper json) throws IOException {
        storage.write(keptReceiptPath(receipt.part()), json.writeValueAsBytes(receipt));
    }

    /** The manifest of the published dataset. */
    public Optional<byte[]> manifest() throws IOException {
        String path = root + "/manifest.json";
        return storage.find(path).isEmpty() ? Optional.empty() : Optional.of(storage.read(path));
    }

    /** Moves files out of the staging folder; they belong to nothing before a manifest names them. */
    public void moveIntoPlace(List<ShardFile> files) throws IOException {
        for (ShardFile file : files) {
            storage.move(staging + "/" + file.path(), root + "/" + file.path());
        }
    }

    /** Opens a file that is staged or, where it is not, in place. */
    public InputStream open(ShardFile file) throws IOException {
        String staged = staging + "/" + file.path();
        return storage.open(storage.find(staged).isPresent() ? staged : root + "/" + file.path());
    }

    /** Copies files out of the staging folder: a run after a failed gate still finds their parts finished. */
    public void copyIntoPlace(List<ShardFile> files) throws IOException {
        for (ShardFile file : files) {
            storage.concatenate(List.of(staging + "/" + file.path()), root + "/" + file.path());
        }
    }

    /** Stages files, staged ones or those in place, one after the other as one file of a name of its own. */
    public ShardFile concatenate(List<ShardFile> files, String name) throws OutputException {
        return stageNamed(name, stream -> {
            for (ShardFile file : files) {
                try (InputStream content = open(file)) {
                    content.transferTo(stream);
                }
            }
        });
    }

    /**
     * Makes the dataset: its files are in place and the manifest replaces the old one in one step.
     *
     * @param named what {@link #stageNamed} staged: an earlier dataset has its own as long as its manifest stands
     */
    public void publish(byte[] manifest, List<ShardFile> named) throws IOException {
        storage.write(root + "/manifest.json", manifest);
        moveIntoPlace(named);
        try {
            storage.deleteWithin(root + "/" + STAGING, root + "/" + CLAIM);
        } catch (IOException unwritable) {
            LOG.warn(
                    "What is below {} stays, as it cannot be removed: {}",
                    root + "/" + STAGING,
                    unwritable.getMessage());
        }
    }

    private String receiptPath(int part) {
        return staging + "/receipts/part-%05d.json".formatted(part);
    }

    private String unfinishedPath(int part) {
        return staging + "/unfinished/part-%05d".formatted(part);
    }

    private String keptReceiptPath(int part) {
        return root + "/" + RECEIPTS + "part-%05d.json".formatted(part);
    }
}
