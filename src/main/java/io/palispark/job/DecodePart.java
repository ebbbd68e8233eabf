package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.annotation.ReasonCode;
import io.palispark.dataset.StableHash;
import io.palispark.geometry.ImageSize;
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
                if (last != null && last.isOfSameRequest(key)) {
                    throw new RecordReject(
                            ReasonCode.ROW_DUPLICATE,
                            "another answer to the same image and prefix came before, " + source(last));
                }
                last = key;
                waiting.add(new Waiting(source(key), answer));
            } catch (RecordReject reject) {
                predictions.reject(source(key), key.image(), reject.reason().code(), reject.getMessage());
            }
            if (waiting.size() == AnswerReader.BATCH) {
                decode();
            }
        }

        private String source(RequestKey key) {
            return files.get(key.file()) + " byte " + key.at();
        }

        private void decode() throws IOException {
            List<StoredAnswer> texts = waiting.stream()
                    .map(Waiting::answer)
                    .filter(answer -> answer.failure().isEmpty())
                    .toList();
            Iterator<Prediction> read =
                    reader.read(texts.stream().map(this::asked).toList()).iterator();
            for (Waiting line : waiting) {
                StoredAnswer answer = line.answer();
                guarded.add(
                        line.source(),
                        answer.failure().isPresent()
                                ? new Prediction(
                                        answer.image(),
                                        answer.prefix(),
                                        answer.failure().get())
                                : read.next());
            }
            waiting.clear();
        }

        private AnswerReader.Asked asked(StoredAnswer answer) {
            return new AnswerReader.Asked(
                    answer.image(), answer.prefix(), answer.size().or(() -> knownSize(answer.image())), answer.text());
        }

        PartReceipt finish(int part, String fingerprint) throws IOException {
            decode();
            return predictions.stage(output, part, fingerprint);
        }
    }
}
