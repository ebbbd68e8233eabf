package io.palispark.job;

import io.palispark.image.Frame;
import io.palispark.image.ImageLimits;
import io.palispark.paligemma.BeamSearch;
import io.palispark.paligemma.Constraint;
import io.palispark.paligemma.Generated;
import io.palispark.paligemma.GenerationLimits;
import io.palispark.paligemma.Generator;
import io.palispark.paligemma.ModelSettings;
import io.palispark.paligemma.PaliGemma;
import io.palispark.paligemma.Precision;
import io.palispark.paligemma.TokenChoice;
import io.palispark.paligemma.WeightPlace;
import io.palispark.tensor.Device;
import io.palispark.tensor.QuantizedCache;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What {@code palispark generate} does; every key is documented in {@code conf/generate.conf}.
 *
 * @param codec that masks are decoded with
 * @param guard what judges prompts and answers; null for none
 * @param canonicalJson the effective configuration
 */
public record GenerateConfig(
        Input input,
        Model model,
        Generation generation,
        PrepareConfig.Codec codec,
        AnswerRules answers,
        Tiling tiling,
        GuardSettings guard,
        ImageLimits limits,
        double maximumRejectRatio,
        Output output,
        String canonicalJson)
        implements Serializable {

    /**
     * @param rows JSON Lines files or folders, or a prepared dataset; empty applies the prompts to every picture
     * @param splits of a prepared dataset; empty takes all
     * @param images folder or shards of the pictures
     * @param extensions lower-case file name extensions of pictures in a folder; empty takes every file
     * @param prompts for every picture, where there are no rows
     * @param groundTruth a COCO file that knows ids and categories; null for none
     * @param frame in which the model sees pictures that carry an orientation
     */
    public record Input(
            List<String> rows,
            List<String> splits,
            String images,
            List<String> extensions,
            List<String> prompts,
            String groundTruth,
            Frame frame)
            implements Serializable {}

    /** Where a model computes. */
    public enum Processor {
        CPU,
        CUDA;

        private Device device(int ordinal, int threads) {
            return switch (this) {
                case CPU -> new Device.Cpu(threads);
                case CUDA -> new Device.Cuda(ordinal);
            };
        }
    }

    /**
     * @param path a checkpoint folder that every executor sees, or {@link PrepareConfig#STAND_IN}
     * @param adapter a PEFT folder; empty for none
     * @param quantised a folder for quantised weights; empty for none
     * @param threads that share one call on the processor
     */
    public record Model(
            String path,
            String adapter,
            Processor processor,
            Precision precision,
            WeightPlace weights,
            String quantised,
            int threads)
            implements Serializable {

        public boolean isStandIn() {
            return path.equals(PrepareConfig.STAND_IN);
        }

        Optional<Path> adapterFolder() {
            return adapter.isEmpty() ? Optional.empty() : Optional.of(Path.of(adapter));
        }

        ModelSettings settings(Device device) {
            Optional<Path> cache =
                    Optional.of(quantised).filter(path -> !path.isEmpty()).map(Path::of);
            return ModelSettings.on(device)
                    .withPrecision(precision)
                    .withAdapter(adapterFolder())
                    .withQuantised(new QuantizedCache(cache))
                    .withWeights(weights);
        }

        /** The device of a task. */
        Device device(int ordinal) {
            return processor.device(ordinal, threads);
        }
    }

    /**
     * @param batch rows that are generated together
     * @param promptTokens most tokens of a prompt, its picture not counted
     * @param newTokens most tokens of an answer
     * @param beams sequences that are looked at side by side; 1 chooses token by token
     * @param lengthPenalty of {@link BeamSearch}
     * @param ahead bytes of pictures that a task holds ahead of the model
     */
    public record Generation(
            int batch,
            int promptTokens,
            int newTokens,
            Constraint constraint,
            TokenChoice choice,
            int beams,
            double lengthPenalty,
            long ahead)
            implements Serializable {

        /** @param places rows at a time */
        List<Generated> answer(PaliGemma model, List<Generator.Request> requests, int places) {
            GenerationLimits limits = model.limits(newTokens);
            if (beams == 1) {
                return model.generate(requests, places, choice, limits);
            }
            BeamSearch search =
                    new BeamSearch(beams, lengthPenalty, BeamSearch.Stop.WHEN_NO_BETTER, BeamSearch.LogitCap.RAW);
            return model.search(requests, search, limits);
        }
    }

    /**
     * @param cocoResults whether COCO's results files are written too
     * @param partRows rows behind one part file
     * @param commitEvery time after which the answers of a part are saved, at the end of a window
     */
    public record Output(String path, PredictionForm form, boolean cocoResults, int partRows, Duration commitEvery)
            implements Serializable {}

    /** Reads the effective configuration; throws a {@link ConfigException} that lists every problem. */
    public static GenerateConfig read(Optional<Path> file, List<String> overrides) {
        Settings settings = Settings.of("generate", file, overrides);
        Input input = input(settings);
        Model model = model(settings);
        Generation generation = generation(settings);
        AnswerRules answers = AnswerRules.read(settings);
        Tiling tiling = Tiling.read(settings);
        GuardSettings guard = GuardSettings.read(settings).orElse(null);
        ImageLimits limits = limits(settings);
        PrepareConfig.Codec codec = new PrepareConfig.Codec(
                settings.text("codec.weights"),
                PrepareConfig.Codes.ENCODER,
                0,
                PrepareConfig.BelowMinimum.KEEP,
                AnswerReader.BATCH);
        double gate = settings.number("gates.max-reject-ratio", 0, 1);
        Output output = new Output(
                settings.text("output.path"),
                PredictionForm.read(settings),
                settings.flag("output.coco-results"),
                settings.wholeNumber("output.part-rows", 1, Integer.MAX_VALUE),
                Duration.ofSeconds(settings.wholeNumber("output.commit-every", 0, Integer.MAX_VALUE)));
        if (output.cocoResults() && input.groundTruth() == null) {
            settings.problem("output.coco-results", CocoResultFiles.NEEDS_GROUND_TRUTH);
        }
        settings.throwIfAny();
        return new GenerateConfig(
                input,
                model,
                generation,
                codec,
                answers,
                tiling,
                guard,
                limits,
                gate,
                output,
                settings.canonicalJson());
    }

    /** Reads the {@code model} section alone. */
    static Model readModel(List<String> overrides) {
        Settings settings = Settings.of("generate", Optional.empty(), overrides);
        Model model = model(settings);
        settings.throwIfAny();
        return model;
    }

    private static Model model(Settings settings) {
        Model model = new Model(
                settings.text("model.path"),
                settings.text("model.adapter"),
                settings.choice("model.device", Processor.class),
                settings.choice("model.precision", Precision.class),
                settings.choice("model.weights", WeightPlace.class),
                settings.text("model.quantised"),
                settings.wholeNumber("model.threads", 1, 4096));
        Processor other = switch (model.processor()) {
            case CPU -> Processor.CUDA;
            case CUDA -> Processor.CPU;
        };
        if (!model.precision().isFor(model.processor().device(0, 1))) {
            settings.problem(
                    "model.precision",
                    Settings.spelling(model.precision()) + " is for model.device = " + Settings.spelling(other));
        }
        return model;
    }

    private static Input input(Settings settings) {
        String groundTruth = settings.text("input.ground-truth");
        Input input = new Input(
                settings.texts("input.rows"),
                settings.texts("input.splits"),
                settings.text("input.images"),
                settings.texts("input.extensions"),
                settings.texts("prompt.texts"),
                groundTruth.equals(DecodeConfig.NONE) ? null : groundTruth,
                settings.choice("input.exif-frame", Frame.class));
        if (input.rows().isEmpty() == input.prompts().isEmpty()) {
            settings.problem(
                    "input.rows",
                    input.rows().isEmpty()
                            ? "required, or prompt.texts for every picture"
                            : "either rows or prompt.texts, not both");
        }
        return input;
    }

    private static Generation generation(Settings settings) {
        Generation generation = new Generation(
                settings.wholeNumber("generate.batch", 1, 4096),
                settings.wholeNumber("limits.prompt-tokens", 1, 1 << 20),
                settings.wholeNumber("generate.max-new-tokens", 1, 1 << 20),
                settings.choice("generate.constrain", Constraint.class),
                choice(settings),
                settings.wholeNumber("generate.beams", 1, 64),
                settings.number("generate.length-penalty", -100, 100),
                settings.bytes("generate.decode-ahead"));
        if (generation.beams() > 1 && generation.choice() instanceof TokenChoice.Sampling) {
            settings.problem("generate.beams", "more than one beam is for generate.temperature = 0");
        }
        return generation;
    }

    private static TokenChoice choice(Settings settings) {
        double temperature = settings.number("generate.temperature", 0, 1e6);
        int topK = settings.wholeNumber("generate.top-k", 0, Integer.MAX_VALUE);
        double topP = settings.number("generate.top-p", Double.MIN_VALUE, 1);
        long seed = settings.longNumber("generate.seed");
        return temperature == 0 ? new TokenChoice.Greedy() : new TokenChoice.Sampling(temperature, topK, topP, seed);
    }

    private static ImageLimits limits(Settings settings) {
        long pixels = settings.wholeNumber("limits.image-pixels", 1, 715_000_000);
        long bytes = settings.bytes("limits.image-bytes");
        if (bytes < 1 || bytes > Integer.MAX_VALUE - 16) {
            settings.problem("limits.image-bytes", bytes + " bytes is out of range; 1 byte to 2 GiB are possible");
            return ImageLimits.DEFAULT;
        }
        return new ImageLimits(Math.max(1, pixels), (int) bytes);
    }
}
