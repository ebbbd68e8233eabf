package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.annotation.ReasonCode;
import io.palispark.dataset.StableHash;
import io.palispark.geometry.ImageSize;
import io.palispark.job.Prediction.TileText;
import io.palispark.job.TileStitching.TileAnswer;
import io.palispark.paligemma.PaliGemmaTokenizer;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.SharedCodecs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/** Decodes the stored answers of one part and stages its predictions, unless an earlier run left them. */
final class DecodePart implements Function2<Integer, Iterator<Tuple2<RequestKey, String>>, Iterator<PartReceipt>> {

    private static final long serialVersionUID = 1L;

    private final DecodeConfig config;
    private final CommittedFolder output;
    private final Broadcast<RecognisedImages> images;
    private final List<String> files;

    /** @param files names of the input, by the numbers in the keys */
    DecodePart(DecodeConfig config, CommittedFolder output, Broadcast<RecognisedImages> images, List<String> files) {
        this.config = config;
        this.output = output;
        this.images = images;
        this.files = files;
    }

    @Override
    public Iterator<PartReceipt> call(Integer part, Iterator<Tuple2<RequestKey, String>> lines) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<Tuple2<RequestKey, String>> held = new ArrayList<>();
        lines.forEachRemaining(held::add);
        String fingerprint = fingerprint(held);
        Optional<PartReceipt> finished = output.finished(part, fingerprint, json);
        if (finished.isPresent()) {
            return List.of(finished.get()).iterator();
        }
        Work work = new Work(json);
        for (Tuple2<RequestKey, String> line : held) {
            work.take(line._1(), line._2());
        }
        PartReceipt receipt = work.finish(part, fingerprint);
        output.finish(receipt, json);
        return List.of(receipt).iterator();
    }

    /** A hash of everything the part is made from: its lines, and what is known of their pictures' sizes. */
    private String fingerprint(List<Tuple2<RequestKey, String>> lines) {
        MessageDigest digest = StableHash.sha256();
        for (Tuple2<RequestKey, String> line : lines) {
            String text =
                    line._1() + "\n" + line._2() + "\n" + knownSize(line._1().image()) + "\n";
            digest.update(text.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private Optional<ImageSize> knownSize(String image) {
        return images.value().byName(image).flatMap(RecognisedImages.Known::size);
    }

    /** A line that is read and not decoded yet. */
    private record Waiting(String source, StoredAnswer answer) {}

    /** The part while it grows. */
    private final class Work {

        private final ObjectMapper json;
        private final PredictionPart predictions =
                new PredictionPart(config.output().form());
        private final List<Waiting> waiting = new ArrayList<>();
        private final AnswerReader reader =
                new AnswerReader(SharedCodecs.codec(config.weights()), config.rules(), tokenizer());
        private final TileStitching stitching = new TileStitching(config.tileAgreement(), config.rules());
        private final GuardedPredictions guarded;
        private RequestKey last;

        Work(ObjectMapper json) throws IOException {
            this.json = json;
            this.guarded = GuardedPredictions.of(config.guard(), predictions);
        }

        private Optional<PaliGemmaTokenizer> tokenizer() {
            String setting = config.input().tokenizer();
            return setting.equals(DecodeConfig.NONE) ? Optional.empty() : Optional.of(PrepareTools.tokenizer(setting));
        }

        void take(RequestKey key, String line) throws IOException {
            predictions.count("input", 1);
            try {
                if (line == null) {
                    throw new RecordReject(
                            ReasonCode.TEXT_TOO_LONG,
                            "the line is longer than " + config.input().lineBytes() + " bytes");
                }
                StoredAnswer answer = StoredAnswer.read(line, json);
                checkTiles(answer);
                if (last == null || !last.isOfSameRequest(key)) {
                    wait(key, answer);
                } else {
                    join(answer);
                }
            } catch (RecordReject reject) {
                predictions.reject(source(key), key.image(), reject.reason().code(), reject.getMessage());
            }
        }

        private void wait(RequestKey key, StoredAnswer answer) throws IOException {
            if (waiting.size() >= AnswerReader.BATCH) {
                decode();
            }
            last = key;
            waiting.add(new Waiting(source(key), answer));
        }

        /** The last line that waits may be about other tiles of the same picture. */
        private void join(StoredAnswer answer) throws RecordReject {
            int end = waiting.size() - 1;
            if (!waiting.get(end).answer().isJoinedBy(answer)) {
                throw new RecordReject(
                        ReasonCode.ROW_DUPLICATE,
                        "another answer to the same image and prefix came before, " + source(last));
            }
            waiting.set(
                    end,
                    new Waiting(
                            waiting.get(end).source(), waiting.get(end).answer().with(answer)));
            predictions.count("tiles joined", 1);
        }

        private void checkTiles(StoredAnswer answer) throws RecordReject {
            if (answer.tiles().isEmpty()) {
                return;
            }
            ImageSize size = size(answer)
                    .orElseThrow(() -> new RecordReject(
                            ReasonCode.IMAGE_SIZE_MISSING,
                            "a tile can be placed only where width and height of the picture are known"));
            for (TileText tile : answer.tiles()) {
                if (!tile.block().clippedTo(size).equals(tile.block())) {
                    throw new RecordReject(
                            ReasonCode.RECORD_CONTRADICTION, "tile " + tile.block() + " lies not within " + size);
                }
            }
        }

        private String source(RequestKey key) {
            return files.get(key.file()) + " byte " + key.at();
        }

        private void decode() throws IOException {
            List<AnswerReader.Asked> asked = waiting.stream()
                    .flatMap(line -> asked(line.answer()).stream())
                    .toList();
            Iterator<Prediction> read = reader.read(asked).iterator();
            for (Waiting line : waiting) {
                guarded.add(line.source(), prediction(line.answer(), read));
            }
            waiting.clear();
        }

        private Prediction prediction(StoredAnswer answer, Iterator<Prediction> read) {
            if (answer.failure().isPresent()) {
                return new Prediction(
                        answer.image(), answer.prefix(), answer.failure().get());
            }
            if (answer.tiles().isEmpty()) {
                return read.next();
            }
            List<TileAnswer> tiles = new ArrayList<>();
            for (TileText tile : answer.tiles()) {
                tiles.add(new TileAnswer(tile.block(), read.next()));
            }
            return stitching.stitch(size(answer).orElseThrow(), tiles);
        }

        private List<AnswerReader.Asked> asked(StoredAnswer answer) {
            if (answer.failure().isPresent()) {
                return List.of();
            }
            if (answer.tiles().isEmpty()) {
                return List.of(new AnswerReader.Asked(answer.image(), answer.prefix(), size(answer), answer.text()));
            }
            return answer.tiles().stream()
                    .map(tile -> new AnswerReader.Asked(
                            answer.image(),
                            answer.prefix(),
                            Optional.of(new ImageSize(
                                    tile.block().height(), tile.block().width())),
                            tile.text(),
                            AnswerReader.View.TILE))
                    .toList();
        }

        private Optional<ImageSize> size(StoredAnswer answer) {
            return answer.size().or(() -> knownSize(answer.image()));
        }

        PartReceipt finish(int part, String fingerprint) throws IOException {
            decode();
            return predictions.stage(output, part, fingerprint);
        }
    }
}
