package io.palispark.job;

import io.palispark.annotation.ReasonCode;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.image.ContentRead;
import io.palispark.image.DecodedImage;
import io.palispark.image.Decoding;
import io.palispark.image.ImageContent;
import io.palispark.image.ImageFault;
import io.palispark.image.RgbDecoder;
import io.palispark.image.RgbImage;
import io.palispark.job.Prediction.Failure;
import io.palispark.job.Prediction.Finish;
import io.palispark.job.Prediction.ModelText;
import io.palispark.job.TileStitching.TileAnswer;
import io.palispark.paligemma.Generated;
import io.palispark.paligemma.GenerationLimits;
import io.palispark.paligemma.Generator;
import io.palispark.paligemma.PaliGemma;
import io.palispark.spark.ImageSource;
import io.palispark.spark.PictureFrames;
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

/**
 * Pictures with their prompts to predictions. Works in windows of a few batches: the pictures of a window are decoded to
 * the small squares that the model sees, each is seen once, and its prompts go through the model beside others of like
 * length. One instance a part.
 */
final class Answering {

    /** Batches of a window; more bring prompts of nearer length together and hold more squares. */
    private static final int BATCHES = 4;

    private static final String IMAGE_MARKER = "<image>";
    private static final String NO_MEMORY = "device-out-of-memory";

    private final GenerateConfig config;
    private final ImageSource images;
    private final RgbDecoder decoder;
    private final ModelSlot slot;
    private final PaliGemma model;
    private final GenerationLimits limits;
    private final AnswerReader reader;
    private final HalvingBatches visionBatches;
    private final HalvingBatches batches;
    private final PredictionPart out;
    private final GuardedPredictions guarded;
    private final List<Seen> window = new ArrayList<>();
    private final Map<GenerateRequest, String> failures = new LinkedHashMap<>();
    private final TileStitching stitching;
    private int waiting;

    Answering(GenerateConfig config, ImageSource images) throws IOException {
        this.config = config;
        this.images = images;
        this.out = new PredictionPart(config.output().form());
        this.guarded = GuardedPredictions.of(config.guard(), out);
        this.decoder = new RgbDecoder(config.limits());
        this.slot = ModelSlot.of(config.model(), DevicePlacement.ofTask(config.model()));
        this.model = slot.model();
        this.limits = model.limits(config.generation().newTokens());
        this.reader =
                new AnswerReader(PrepareTools.codec(config.codec()), config.answers(), Optional.of(model.tokenizer()));
        this.stitching = new TileStitching(config.tiling().agreement(), config.answers());
        this.visionBatches = new HalvingBatches(config.generation().batch());
        this.batches = new HalvingBatches(config.generation().batch());
    }

    /** A decoded picture that waits for its turn. */
    private record Seen(List<GenerateRequest> requests, ImageSize picture, PixelBox block, RgbImage square) {}

    /** A prompt and the block of the picture it is about. */
    private record Row(GenerateRequest request, ImageSize picture, PixelBox block, Generator.Request prompt) {

        ImageSize size() {
            return new ImageSize(block.height(), block.width());
        }
    }

    PredictionPart answer(List<GeneratePart.Picture> pictures) throws IOException {
        try {
            for (GeneratePart.Picture picture : pictures) {
                take(picture);
                if (waiting >= BATCHES * config.generation().batch()) {
                    answerWindow();
                }
            }
            answerWindow();
            return out;
        } finally {
            WorkCounters.add(WorkCounters.QUEUED, -waiting);
        }
    }

    private void take(GeneratePart.Picture picture) throws IOException {
        List<GenerateRequest> good = new ArrayList<>();
        for (GenerateRequest request : picture.requests()) {
            String fault = fault(request);
            if (fault.isEmpty()) {
                good.add(request);
            } else {
                out.reject(images.root(), request.image(), "request-malformed", fault);
            }
        }
        if (good.isEmpty()) {
            return;
        }
        if (picture.found().isEmpty()) {
            fail(good, ReasonCode.IMAGE_MISSING.code(), "no file " + picture.image() + " below " + images.root());
            return;
        }
        Decoding decoding = decode(picture.found().get());
        if (decoding instanceof ImageFault fault) {
            fail(good, PictureFrames.reason(fault).code(), fault.detail());
        } else if (decoding instanceof DecodedImage decoded) {
            see(good, decoded.pixels());
            out.count("images", 1);
        }
    }

    /** Each block is squeezed to the model's square once, whatever is asked about it. */
    private void see(List<GenerateRequest> requests, RgbImage picture) {
        Map<PixelBox, List<GenerateRequest>> blocks = new LinkedHashMap<>();
        for (GenerateRequest request : requests) {
            for (PixelBox block : config.tiling().blocks(picture.size(), request.prefix())) {
                blocks.computeIfAbsent(block, absent -> new ArrayList<>()).add(request);
            }
        }
        blocks.forEach((block, asked) -> {
            window.add(new Seen(asked, picture.size(), block, model.square(picture.crop(block))));
            waiting += asked.size();
            WorkCounters.add(WorkCounters.QUEUED, asked.size());
        });
    }

    /** Why a request cannot be asked; empty when it can. */
    private String fault(GenerateRequest request) {
        if (!request.fault().isEmpty()) {
            return request.fault();
        }
        if (request.prefix().contains(IMAGE_MARKER)) {
            return "the prompt spells " + IMAGE_MARKER + ", which stands before it by itself";
        }
        int tokens = model.tokenizer().count(request.prefix());
        return tokens <= config.generation().promptTokens()
                ? ""
                : "the prompt has " + tokens + " tokens and limits.prompt-tokens is "
                        + config.generation().promptTokens();
    }

    private Decoding decode(ImageSource.Found found) throws IOException {
        ContentRead content = found.read();
        return content instanceof ImageContent encoded
                ? decoder.decode(encoded.bytes(), config.input().frame())
                : (ImageFault) content;
    }

    private void answerWindow() throws IOException {
        List<Row> rows = rows();
        rows.sort(Comparator.comparingInt(row -> row.prompt().prompt().ids().length));
        List<Optional<Generated>> generated = batches.map(
                rows.stream().map(Row::prompt).toList(),
                batch -> slot.call(device -> config.generation().answer(device, batch)));
        List<AnswerReader.Asked> answers = new ArrayList<>();
        List<Row> answered = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            if (generated.get(i).isPresent()) {
                answers.add(asked(row, generated.get(i).get()));
                answered.add(row);
            } else {
                failures.put(
                        row.request(),
                        "the device has no memory for the "
                                + row.prompt().prompt().ids().length + " tokens of this prompt alone");
            }
        }
        write(answered, reader.read(answers));
        failures.forEach((request, detail) -> fail(List.of(request), NO_MEMORY, detail));
        failures.clear();
        window.clear();
        WorkCounters.add(WorkCounters.QUEUED, -waiting);
        waiting = 0;
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
        List<RgbImage> squares = window.stream().map(Seen::square).toList();
        List<Optional<Tensor>> features =
                visionBatches.map(squares, batch -> slot.call(device -> device.features(batch)));
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < window.size(); i++) {
            Seen seen = window.get(i);
            if (features.get(i).isEmpty()) {
                seen.requests()
                        .forEach(request -> failures.put(request, "the device has no memory for this picture alone"));
            }
            for (Tensor tensor : features.get(i).stream().toList()) {
                seen.requests().forEach(request -> rows.add(row(request, seen, tensor)));
            }
        }
        return rows;
    }

    private Row row(GenerateRequest request, Seen seen, Tensor features) {
        return new Row(
                request,
                seen.picture(),
                seen.block(),
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

    private void fail(List<GenerateRequest> requests, String code, String detail) {
        requests.forEach(
                request -> out.add(new Prediction(request.image(), request.prefix(), new Failure(code, detail))));
    }
}
