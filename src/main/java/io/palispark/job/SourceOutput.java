package io.palispark.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.Finding;
import io.palispark.dataset.Ledger;
import io.palispark.dataset.TrainingRow;
import io.palispark.spark.ShardFile;
import io.palispark.spark.WorkCounters;
import java.util.Map;
import java.util.Optional;

/** What comes out of one source in one part. */
final class SourceOutput {

    private final PartOutput part;
    private final MixtureSource source;
    private final Ledger ledger = new Ledger();
    private Map<String, Long> reported = Map.of();
    private long written;

    SourceOutput(PartOutput part, MixtureSource source) {
        this.part = part;
        this.source = source;
    }

    /** Names of the inputs, as rejects state them. */
    String annotations() {
        return source.annotations();
    }

    /** The source's own account. */
    Ledger ledger() {
        return ledger;
    }

    RowCounts counts() {
        return part.counts();
    }

    /** Adds a row, and copies of it at other places of its shard where the picture is drawn more than once. */
    void row(AdmittedPicture picture, TrainingRow row, Optional<TileFrame> frame) throws JsonProcessingException {
        for (int copy = 0; copy < picture.placed().copies(); copy++) {
            part.row(source.settings().name(), copy, picture, row, frame);
            written++;
        }
    }

    /** Notes a picture that rows name and that was written for them. */
    void picture(ShardFile file) {
        part.picture(file);
    }

    /** Tells whoever watches the run what was finished since the last call. */
    void report() {
        Map<String, Long> done = WatchedCounts.of(ledger, written);
        done.forEach((name, count) -> WorkCounters.add(name, count - reported.getOrDefault(name, 0L)));
        reported = done;
    }

    /** Counts a finding and, when it rejects, writes it down. */
    void finding(RowKind kind, Finding finding, String stage) throws JsonProcessingException {
        ledger.finding(kind, finding);
        if (finding.outcome().isReject() && !finding.reason().isDraw()) {
            part.reject(finding, stage);
        }
    }
}
