package io.palispark.job;

import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.image.RgbImage;
import io.palispark.job.PartJournal.Progress;
import io.palispark.job.PictureReading.Block;
import io.palispark.job.PictureReading.Malformed;
import io.palispark.job.PictureReading.Reading;
import io.palispark.job.PictureReading.Seen;
import io.palispark.job.PictureReading.Unseen;
import io.palispark.job.Prediction.Failure;
import io.palispark.job.Prediction.Finish;
import io.palispark.job.Prediction.ModelText;
import io.palispark.job.TileStitching.TileAnswer;
import io.palispark.paligemma.Generated;
import io.palispark.paligemma.GenerationLimits;
import io.palispark.paligemma.Generator;
import io.palispark.paligemma.PaliGemma;
import io.palispark.spark.ImageSource;
import io.palispark.spark.WorkCounters;
import io.palispark.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pictures with their prompts to predictions. Works in windows of a few batches: each block of a window's pictures is seen
 * once, and its prompts go through the model beside others of like length. While the model computes, other threads decode
 * the pictures of the next windows. One instance a part.
 */
final class Answering {

    /** Batches of a window; more bring prompts of nearer length together and hold more squares. */
    private static final int BATCHES = 4;

    private static final Logger LOG = LoggerFactory.getLogger(Answering.class);
    private static final String NO_MEMORY = "device-out-of-memory";
    private static final String NOT_FINITE = "logits-not-finite";

    private final GenerateConfig config;
    private final ImageSource images;
    private final int threads;
    private final ModelSlot slot;
    private final PaliGemma model;
    private final GenerationLimits limits;
    private final AnswerReader reader;
    private HalvingBatches visionBatches;
    private HalvingBatches batches;
    private final PredictionPart out;
    private final GuardedPredictions guarded;
    private final List<Waiting> window = new ArrayList<>();
    private final Map<GenerateRequest, Failure> failures = new LinkedHashMap<>();
    private final TileStitching stitching;
    private int waiting;

    /** @param threads that decode pictures ahead of the model */
    Answering(GenerateConfig config, ImageSource images, int threads) throws IOException {
        this.config = config;
        this.images = images;
        this.out = new PredictionPart(config.output().form());
        this.guarded = GuardedPredictions.of(config.guard(), out);
        this.threads = threads;
        this.slot = ModelSlot.of(config.model(), DevicePlacement.ofTask(config.model()));
        this.model = slot.model();
        this.limits = model.limits(config.generation().newTokens());
        this.reader =
                new AnswerReader(PrepareTools.codec(config.codec()), config.answers(), Optional.of(model.tokenizer()));
        this.stitching = new TileStitching(config.tiling().agreement(), config.answers());
    }

    /** A block of a picture that waits for its turn. */
    private record Waiting(ImageSize picture, Block block) {}

    /** A prompt and the block of the picture it is about. */
    private record Row(GenerateRequest request, ImageSize picture, PixelBox block, Generator.Request prompt) {

        ImageSize size() {
            return new ImageSize(block.height(), block.width());
        }
    }

    /** @param journal holds what an earlier attempt has answered, and gets what this one answers */
    PredictionPart answer(List<GeneratePart.Picture> pictures, PartJournal journal)
            throws IOException, InterruptedException {
        Progress from = journal.restore(out).orElse(start());
        visionBatches = new HalvingBatches(from.visionBatch());
        batches = new HalvingBatches(from.batch());
        int windows = from.windows();
        List<GeneratePart.Picture> open = pictures.subList(from.pictures(), pictures.size());
        PictureReading reading = new PictureReading(config, images.root(), model);
        try (PictureFeed<GeneratePart.Picture, Reading> feed =
                new PictureFeed<>(open, reading, threads, config.generation().ahead())) {
            for (int done = from.pictures(); done < pictures.size(); ) {
                take(feed.next());
                done++;
                if (waiting >= BATCHES * config.generation().batch()) {
                    answerWindow();
                    windows++;
                    journal.commit(out, new Progress(done, windows, visionBatches.size(), batches.size()));
                }
            }
            answerWindow();
            LOG.info(
                    "Answered about {} pictures; {} s of it waited for pictures, which {} threads decode",
                    open.size(),
                    "%.1f".formatted(feed.secondsWaited()),
                    threads);
            return out;
        } finally {
            WorkCounters.add(WorkCounters.QUEUED, -waiting);
        }
    }

    private Progress start() {
        int batch = config.generation().batch();
        return new Progress(0, 0, batch, batch);
    }

    private void take(Reading reading) {
        for (Malformed malformed : reading.malformed()) {
            out.reject(images.root(), malformed.request().image(), "request-malformed", malformed.fault());
        }
        if (reading.asked().isEmpty()) {
            return;
        }
        if (reading.sight() instanceof Unseen unseen) {
            reading.asked().forEach(request -> fail(request, unseen.failure()));
        } else if (reading.sight() instanceof Seen seen) {
            out.count("images", 1);
            for (Block block : seen.blocks()) {
                window.add(new Waiting(seen.picture(), block));
                waiting += block.asked().size();
                WorkCounters.add(WorkCounters.QUEUED, block.asked().size());
            }
        }
    }

    private void answerWindow() throws IOException {
        List<Row> rows = rows();
        rows.sort(Comparator.comparingInt(row -> row.prompt().prompt().ids().length));
        List<Optional<Generated>> generated = batches.mapQueued(
                rows.stream().map(Row::prompt).toList(),
                (prompts, places) -> slot.call(device -> config.generation().answer(device, prompts, places)));
        List<AnswerReader.Asked> answers = new ArrayList<>();
        List<Row> answered = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            Optional<Failure> failure = failure(row, generated.get(i));
            if (failure.isPresent()) {
                failures.put(row.request(), failure.get());
            } else {
                answers.add(asked(row, generated.get(i).orElseThrow()));
                answered.add(row);
            }
        }
        write(answered, reader.read(answers));
        failures.forEach(this::fail);
        failures.clear();
        window.clear();
        WorkCounters.add(WorkCounters.QUEUED, -waiting);
        waiting = 0;
    }

    private static Optional<Failure> failure(Row row, Optional<Generated> generated) {
        if (generated.isEmpty()) {
            int tokens = row.prompt().prompt().ids().length;
            return Optional.of(new Failure(
                    NO_MEMORY, "the device has no memory for the " + tokens + " tokens of this prompt alone"));
        }
        return switch (generated.get().end()) {
            case END_TOKEN, LENGTH, FULL -> Optional.empty();
            case NOT_FINITE ->
                Optional.of(new Failure(
                        NOT_FINITE,
                        "the logits after " + generated.get().ids().length
                                + " tokens are infinite or no numbers; with model.precision = float16, which ends at"
                                + " 65504, take bfloat16 or float32, else look for such numbers in the weights"));
        };
    }

    /** One line a request; a request that failed on any block is written elsewhere. */
    private void write(List<Row> rows, List<Prediction> predictions) throws IOException {
        Map<GenerateRequest, List<TileAnswer>> byRequest = new LinkedHashMap<>();
        Map<GenerateRequest, ImageSize> pictures = new HashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            if (!failures.containsKey(row.request())) {
                byRequest
                        .computeIfAbsent(row.request(), absent -> new ArrayList<>())
                        .add(new TileAnswer(row.block(), predictions.get(i)));
                pictures.put(row.request(), row.picture());
            }
        }
        for (Map.Entry<GenerateRequest, List<TileAnswer>> asked : byRequest.entrySet()) {
            List<TileAnswer> tiles = asked.getValue();
            guarded.add(
                    images.root(),
                    tiles.size() == 1
                            ? tiles.get(0).prediction()
                            : stitching.stitch(pictures.get(asked.getKey()), tiles));
        }
    }

    private List<Row> rows() {
        List<RgbImage> squares =
                window.stream().map(waiting -> waiting.block().square()).toList();
        List<Optional<Tensor>> features =
                visionBatches.map(squares, batch -> slot.call(device -> device.features(batch)));
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < window.size(); i++) {
            Waiting block = window.get(i);
            List<GenerateRequest> asked = block.block().asked();
            if (features.get(i).isEmpty()) {
                Failure failure = new Failure(NO_MEMORY, "the device has no memory for this picture alone");
                asked.forEach(request -> failures.put(request, failure));
            }
            for (Tensor tensor : features.get(i).stream().toList()) {
                asked.forEach(request -> rows.add(row(request, block, tensor)));
            }
        }
        return rows;
    }

    private Row row(GenerateRequest request, Waiting block, Tensor features) {
        return new Row(
                request,
                block.picture(),
                block.block().place(),
                new Generator.Request(
                        model.prompt(request.prefix(), features),
                        request.number(),
                        config.generation().constraint().grammar(request.prefix(), model.tokenizer(), limits)));
    }

    private AnswerReader.Asked asked(Row row, Generated generated) {
        out.count("tokens", generated.ids().length);
        ModelText text = new ModelText(
                model.tokenizer().text(generated.textIds()),
                Arrays.stream(generated.ids()).boxed().toList(),
                Arrays.stream(generated.logProbabilities()).boxed().toList(),
                Optional.of(
                        switch (generated.end()) {
                            case END_TOKEN -> Finish.EOS;
                            case LENGTH, FULL -> Finish.LENGTH;
                            case NOT_FINITE ->
                                throw new IllegalArgumentException("Cannot read a row without an answer");
                        }));
        GenerateRequest request = row.request();
        boolean isTiled =
                config.tiling().blocks(row.picture(), request.prefix()).size() > 1;
        return new AnswerReader.Asked(
                request.image(),
                request.prefix(),
                Optional.of(row.size()),
                text,
                isTiled ? AnswerReader.View.TILE : AnswerReader.View.PICTURE);
    }

    private void fail(GenerateRequest request, Failure failure) {
        out.add(new Prediction(request.image(), request.prefix(), failure));
    }
}
