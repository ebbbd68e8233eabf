package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.Finding;
import io.palispark.annotation.Outcome;
import io.palispark.annotation.ReasonCode;
import io.palispark.dataset.Ledger;
import io.palispark.dataset.StableHash;
import io.palispark.image.ContentRead;
import io.palispark.image.ImageContent;
import io.palispark.image.ImageFacts;
import io.palispark.image.ImageFault;
import io.palispark.image.ImageInspection;
import io.palispark.image.ImageProbe;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.ImageShardWriter;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.PictureFrames;
import io.palispark.spark.ReadingNotes;
import io.palispark.spark.ShardFile;
import io.palispark.spark.ShardedImage;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.function.Function;

/** Writes the shard of one plan, its index and its rejects, unless an earlier run left them. */
final class ShardPart implements Function<ShardPlan, PartReceipt> {

    private static final long serialVersionUID = 1L;

    private final ShardConfig config;
    private final Storage storage;
    private final CommittedFolder output;

    ShardPart(ShardConfig config, Storage storage, CommittedFolder output) {
        this.config = config;
        this.storage = storage;
        this.output = output;
    }

    @Override
    public PartReceipt call(ShardPlan plan) throws IOException {
        ObjectMapper json = new ObjectMapper();
        String input = fingerprint(plan);
        Optional<PartReceipt> finished = output.finished(plan.number(), input, json);
        if (finished.isPresent()) {
            return finished.get();
        }
        Work work = new Work(json);
        for (int i = 0; i < plan.pictures().size(); i++) {
            work.take("%09d".formatted(plan.firstOrdinal() + i), plan.pictures().get(i));
        }
        PartReceipt receipt = work.stage(plan.number(), input);
        output.finish(receipt, json);
        return receipt;
    }

    private static String fingerprint(ShardPlan plan) {
        MessageDigest digest = StableHash.sha256();
        for (ShardPlan.Picture picture : plan.pictures()) {
            String line = picture.name() + "\n" + picture.file() + "\n" + picture.defect() + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The shard while it grows. */
    private final class Work {

        private final ObjectMapper json;
        private final ReadingNotes notes = ReadingNotes.ofTask(storage);
        private final ImageProbe probe = new ImageProbe(config.limits());
        private final ImageShardWriter writer = config.format().newWriter();
        private final Ledger ledger = new Ledger();
        private final List<String> index = new ArrayList<>();
        private final List<String> rejects = new ArrayList<>();

        Work(ObjectMapper json) {
            this.json = json;
        }

        void take(String key, ShardPlan.Picture picture) throws IOException {
            ledger.input(RowKind.IMAGE, 1);
            if (picture.defect() != null) {
                reject(picture, picture.defect(), "named in " + config.input().images());
                return;
            }
            ContentRead content;
            notes.reading(picture.name());
            try (InputStream stream = storage.open(picture.file().path())) {
                content = ImageContent.read(stream, config.limits());
            } catch (IOException unreadable) {
                reject(picture, ReasonCode.IMAGE_UNREADABLE, unreadable.toString());
                return;
            }
            if (content instanceof ImageFault fault) {
                reject(picture, PictureFrames.reason(fault), fault.detail());
                return;
            }
            add(key, picture, ((ImageContent) content).bytes());
        }

        private void add(String key, ShardPlan.Picture picture, byte[] bytes) throws IOException {
            ImageInspection inspection = probe.inspect(bytes);
            if (inspection instanceof ImageFault fault) {
                reject(picture, PictureFrames.reason(fault), fault.detail());
                return;
            }
            ImageFacts facts = (ImageFacts) inspection;
            ShardedImage image = writer.add(
                    key,
                    picture.name(),
                    new ShardedImage.Facts(
                            facts.format().name(),
                            facts.storedSize().height(),
                            facts.storedSize().width(),
                            facts.orientation(),
                            HexFormat.of().formatHex(StableHash.sha256().digest(bytes))),
                    bytes);
            index.add(image.indexLine());
            ledger.written(RowKind.IMAGE, 1);
        }

        private void reject(ShardPlan.Picture picture, ReasonCode reason, String detail) {
            Finding finding =
                    new Finding(config.input().images(), picture.name(), "", reason, Outcome.REJECT_IMAGE, detail);
            ledger.finding(RowKind.IMAGE, finding);
            rejects.add(json.createObjectNode()
                    .put("source", finding.source())
                    .put("image", finding.image())
                    .put("object", "")
                    .put("stage", "shard")
                    .put("reason", reason.code())
                    .put("detail", detail)
                    .toString());
        }

        PartReceipt stage(int part, String input) throws IOException {
            List<ShardFile> data = new ArrayList<>();
            byte[] bytes = writer.finish();
            if (!index.isEmpty()) {
                String extension = config.format().extension();
                ShardFile shard = output.stage("data", "images-%05d".formatted(part), extension, index.size(), bytes);
                String stem =
                        shard.path().substring("data/".length(), shard.path().length() - extension.length());
                data.add(shard);
                data.add(output.stageTwin("data", stem + ".index.jsonl", index));
            }
            List<ShardFile> rejected = rejects.isEmpty()
                    ? List.of()
                    : List.of(output.stage("rejects", "part-%05d".formatted(part), ".jsonl", rejects));
            Map<String, TreeMap<String, Long>> statistics = Map.of();
            return new PartReceipt(part, input, data, rejected, ledger.tallies(), ledger.reasonCounts(), statistics);
        }
    }
}
