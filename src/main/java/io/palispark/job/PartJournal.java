package io.palispark.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.dataset.StableHash;
import io.palispark.spark.CommittedFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been answered of a part before it is finished: entries in the staging folder, each with what was added to the
 * part since the entry before. A retried task, or the next run, takes them and goes on behind them. An entry counts while
 * its bytes have their hash, it was made from the same input and all entries before it are those that it was written
 * after; whatever else lies there is written over.
 */
final class PartJournal {

    private static final Logger LOG = LoggerFactory.getLogger(PartJournal.class);
    private static final int HASH_DIGITS = 64;

    private final ObjectMapper json = new ObjectMapper();
    private final CommittedFolder folder;
    private final int part;
    private final String input;
    private final Duration every;
    private String last = "";
    private int entries;
    private long written = System.nanoTime();

    /**
     * @param input hash of everything the part is made from
     * @param every time between entries, at least
     */
    PartJournal(CommittedFolder folder, int part, String input, Duration every) {
        this.folder = folder;
        this.part = part;
        this.input = input;
        this.every = every;
    }

    /**
     * How far a part has come.
     *
     * @param pictures whose requests are all answered, from the first
     * @param windows that these were answered in
     * @param visionBatch pictures that the device takes at a time
     * @param batch rows that the device takes at a time
     */
    record Progress(int pictures, int windows, int visionBatch, int batch) {}

    /** @param before hash of the entry before; empty for the first */
    private record Entry(String input, String before, Progress progress, PredictionPart.Piece piece) {}

    /** Adds to an empty part what an earlier attempt has answered; empty where that is nothing. */
    Optional<Progress> restore(PredictionPart out) throws IOException {
        Optional<Progress> progress = Optional.empty();
        for (Optional<Entry> entry = next(); entry.isPresent(); entry = next()) {
            out.restore(entry.get().piece());
            progress = Optional.of(entry.get().progress());
        }
        progress.ifPresent(known -> LOG.info(
                "Part {}: windows taken from the journal: {}, pictures {}", part, known.windows(), known.pictures()));
        return progress;
    }

    private Optional<Entry> next() throws IOException {
        Optional<byte[]> content = folder.unfinished(part, entries);
        Optional<Entry> entry = content.isEmpty() ? Optional.empty() : entry(content.get());
        if (entry.isPresent()) {
            entries++;
            last = hash(content.get());
        } else if (content.isPresent()) {
            LOG.warn(
                    "Part {}: entry {} of its journal is torn or of other input; its windows are answered again",
                    part,
                    entries);
        }
        return entry;
    }

    private Optional<Entry> entry(byte[] content) throws IOException {
        if (content.length < HASH_DIGITS) {
            return Optional.empty();
        }
        byte[] body = Arrays.copyOfRange(content, HASH_DIGITS, content.length);
        if (!hash(content).equals(sha256(body))) {
            return Optional.empty();
        }
        try {
            Entry entry = json.readValue(body, Entry.class);
            return Optional.of(entry)
                    .filter(found ->
                            found.input().equals(input) && found.before().equals(last));
        } catch (JsonProcessingException foreign) {
            return Optional.empty();
        }
    }

    /** Writes an entry when it is time. */
    void commit(PredictionPart out, Progress progress) throws IOException {
        if (System.nanoTime() - written < every.toNanos()) {
            return;
        }
        byte[] body = json.writeValueAsBytes(new Entry(input, last, progress, out.unsaved()));
        last = sha256(body);
        byte[] content = Arrays.copyOf(last.getBytes(StandardCharsets.US_ASCII), HASH_DIGITS + body.length);
        System.arraycopy(body, 0, content, HASH_DIGITS, body.length);
        folder.stageUnfinished(part, entries++, content);
        written = System.nanoTime();
    }

    private static String hash(byte[] content) {
        return new String(content, 0, HASH_DIGITS, StandardCharsets.US_ASCII);
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(StableHash.sha256().digest(bytes));
    }
}
