package io.palispark.job;

import io.palispark.annotation.AnnotationFormat;
import io.palispark.annotation.Frame;
import io.palispark.annotation.ReadLimits;
import io.palispark.dataset.ObjectOrder;
import io.palispark.dataset.OfficialSplits;
import io.palispark.dataset.PromptPlan;
import io.palispark.dataset.SplitPlan;
import io.palispark.dataset.Task;
import io.palispark.dataset.TokenBudget;
import io.palispark.image.ImageLimits;
import io.palispark.spark.SharedCodecs;
import io.palispark.token.Convention;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What {@code palispark prepare} does; every key is documented in {@code conf/prepare.conf}. */
public record PrepareConfig(
        Input input,
        List<Source> sources,
        LabelRules labels,
        PromptPlan prompts,
        Order order,
        Budget budget,
        Splitting splitting,
        Codec codec,
        Convention convention,
        Limits limits,
        PrepareTiles tiles,
        PrepareGates gates,
        TrainingGpu trainingGpu,
        Output output,
        String canonicalJson)
        implements Serializable {

    /** The word that names the bundled weights and tokenizer. */
    public static final String STAND_IN = SharedCodecs.STAND_IN;

    /** How pictures of all sources are taken in. */
    public record Input(ImagesCheck imagesCheck, Frames frames) implements Serializable {}

    /**
     * Where annotations and pictures come from.
     *
     * @param name empty for the only source of a dataset that is no mixture
     * @param weight see {@link io.palispark.dataset.Draw}
     * @param limit most pictures that are drawn, 0 for all
     * @param perClass most pictures on which a class is asked for, 0 for all
     */
    public record Source(
            String name,
            List<String> annotations,
            String format,
            String images,
            List<Task> tasks,
            double weight,
            int limit,
            int perClass)
            implements Serializable {

        /** Empty for {@code auto}. */
        Optional<AnnotationFormat> statedFormat() {
            return AnnotationFormat.ofLabel(format);
        }

        boolean hasLimit() {
            return limit > 0;
        }

        boolean hasClassLimit() {
            return perClass > 0;
        }
    }

    /** How far a picture is checked. */
    public enum ImagesCheck {
        STRUCTURE,
        DECODE
    }

    /**
     * @param ambiguousAnnotations the frame of annotations where sizes cannot tell
     * @param training the frame that the trainer will see
     */
    public record Frames(Frame ambiguousAnnotations, Frame training) implements Serializable {}

    public record Order(ObjectOrder objects, long seed) implements Serializable {}

    public record Budget(TokenBudget tokens, String tokenizer) implements Serializable {}

    public record Splitting(SplitPlan plan, boolean nearDuplicates, int nearDuplicateDistance, boolean cropsAreNear)
            implements Serializable {

        DuplicatePictures.Crops crops() {
            return cropsAreNear ? DuplicatePictures.Crops.FOUND : DuplicatePictures.Crops.IGNORED;
        }
    }

    public enum Codes {
        ENCODER,
        REFINED
    }

    /** What becomes of an object whose mask the codec destroys. */
    public enum BelowMinimum {
        KEEP,
        WARN,
        DROP
    }

    public record Codec(String weights, Codes codes, double minimumIou, BelowMinimum belowMinimum, int batch)
            implements Serializable {}

    /**
     * What the dataset is to be trained on.
     *
     * @param memory of the GPU in bytes
     * @param pictureSide 224, 448 or 896 pixels
     */
    public record TrainingGpu(long memory, int pictureSide) implements Serializable {}

    public record Limits(ImageLimits images, ReadLimits reading, int objectsPerImage) implements Serializable {}

    public record Output(String path, long shardBytes, boolean singleFile, int reportPictures)
            implements Serializable {}

    /** Reads the effective configuration; throws a {@link ConfigException} that lists every problem. */
    public static PrepareConfig read(Optional<Path> file, List<String> overrides) {
        Settings settings = Settings.of("prepare", file, overrides);
        Input input = input(settings);
        List<Source> sources = SourceSettings.read(settings);
        PromptPlan prompts = PromptSettings.read(settings, tasks(sources));
        Splitting splitting = splitting(settings);
        Codec codec = codec(settings);
        Convention convention = convention(settings);
        Limits limits = limits(settings);
        Output output = new Output(
                settings.text("output.path"),
                Math.max(1, settings.bytes("output.shard-bytes")),
                settings.flag("output.single-file"),
                settings.wholeNumber("output.report-pictures", 0, 10_000));
        Budget budget = new Budget(
                new TokenBudget(
                        settings.wholeNumber("budget.tokens", 1, 1 << 20),
                        settings.choice("budget.overflow", TokenBudget.Overflow.class)),
                settings.text("budget.tokenizer"));
        Order order = new Order(settings.choice("order", ObjectOrder.class), settings.longNumber("order-seed"));
        PrepareTiles tiles = PrepareTiles.read(settings);
        PrepareGates gates = PrepareGates.read(settings);
        TrainingGpu trainingGpu = trainingGpu(settings);
        LabelRules labels = LabelRules.of(settings);
        settings.throwIfAny();
        return new PrepareConfig(
                input,
                sources,
                labels,
                prompts,
                order,
                budget,
                splitting,
                codec,
                convention,
                limits,
                tiles,
                gates,
                trainingGpu,
                output,
                settings.canonicalJson());
    }

    private static Input input(Settings settings) {
        return new Input(
                settings.choice("input.images-check", ImagesCheck.class),
                new Frames(
                        settings.choice("input.exif-policy", Frame.class),
                        settings.choice("input.exif-frame", Frame.class)));
    }

    /** The tasks of all sources. */
    private static List<Task> tasks(List<Source> sources) {
        return sources.stream()
                .flatMap(source -> source.tasks().stream())
                .distinct()
                .toList();
    }

    private static Splitting splitting(Settings settings) {
        List<Double> ratios = settings.numbers("split.ratios");
        OfficialSplits official = new OfficialSplits(
                settings.choice("split.official", OfficialSplits.Use.class),
                settings.choice("split.contamination", OfficialSplits.Contamination.class),
                Map.of());
        SplitPlan plan = new SplitPlan(List.of(1.0, 0.0, 0.0), null, 0, Map.of());
        try {
            plan = new SplitPlan(ratios, groupPattern(settings), settings.longNumber("split.seed"), Map.of(), official);
        } catch (IllegalArgumentException invalid) {
            settings.problem("split.ratios", invalid.getMessage());
        }
        return new Splitting(
                plan,
                settings.flag("split.near-duplicates"),
                settings.wholeNumber("split.near-duplicate-distance", 0, 31),
                settings.flag("split.near-duplicate-crops"));
    }

    private static Pattern groupPattern(Settings settings) {
        String by = settings.text("split.group-by");
        if (by.equals("file") || by.equals("column")) {
            return null;
        }
        if (!by.equals("pattern")) {
            settings.problem("split.group-by", "'" + by + "' is not one of file | pattern | column");
            return null;
        }
        String pattern = settings.text("split.pattern");
        if (pattern.isEmpty()) {
            settings.problem("split.pattern", "required when split.group-by = pattern");
        }
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException invalid) {
            settings.problem("split.pattern", invalid.getMessage());
            return null;
        }
    }

    /** The field of the input that pictures are grouped by; empty for none. */
    private static String groupField(Settings settings) {
        if (!settings.text("split.group-by").equals("column")) {
            return "";
        }
        String column = settings.text("split.column");
        if (column.isBlank()) {
            settings.problem("split.column", "required when split.group-by = column");
        }
        return column;
    }

    private static Codec codec(Settings settings) {
        return new Codec(
                settings.text("codec.weights"),
                settings.choice("codec.codes", Codes.class),
                settings.number("codec.minimum-iou", 0, 1),
                settings.choice("codec.below-minimum", BelowMinimum.class),
                settings.wholeNumber("codec.batch", 1, 4096));
    }

    private static TrainingGpu trainingGpu(Settings settings) {
        int side = settings.wholeNumber("training.picture-side", 224, 896);
        if (side != 224 && side != 448 && side != 896) {
            settings.problem("training.picture-side", side + " is not one of 224 | 448 | 896");
        }
        return new TrainingGpu(Math.max(1, settings.bytes("training.gpu-memory")), side);
    }

    private static Convention convention(Settings settings) {
        Convention.Reading reading = Convention.BIG_VISION.with(settings.section("convention"));
        reading.problems().forEach(problem -> settings.problem("convention", problem));
        return reading.convention();
    }

    private static Limits limits(Settings settings) {
        return new Limits(
                new ImageLimits(Math.max(1, settings.longNumber("limits.image-pixels")), (int)
                        Math.max(1, Math.min(Integer.MAX_VALUE - 16, settings.bytes("limits.image-bytes")))),
                ReadLimits.DEFAULT
                        .withPolygonVertices(settings.wholeNumber("limits.polygon-vertices", 3, Integer.MAX_VALUE))
                        .withTextLength(settings.wholeNumber("limits.text-length", 1, 1 << 20))
                        .withGroupField(groupField(settings)),
                settings.wholeNumber("limits.objects-per-image", 1, Integer.MAX_VALUE));
    }
}
