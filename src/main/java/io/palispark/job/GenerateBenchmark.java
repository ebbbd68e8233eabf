package io.palispark.job;

import io.palispark.geometry.ImageSize;
import io.palispark.image.RgbImage;
import io.palispark.paligemma.EndReason;
import io.palispark.paligemma.Generated;
import io.palispark.paligemma.GenerationLimits;
import io.palispark.paligemma.Generator;
import io.palispark.paligemma.PaliGemma;
import io.palispark.paligemma.PromptRow;
import io.palispark.paligemma.TokenChoice;
import io.palispark.paligemma.TokenGrammar;
import io.palispark.tensor.Device;
import io.palispark.tensor.InferenceException;
import io.palispark.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How fast a checkpoint loads, sees, reads prompts and writes, on one device without Spark. */
public final class GenerateBenchmark {

    private static final String PROMPT = "detect cat ; dog";
    private static final Path STATUS = Path.of("/proc/self/status");

    private GenerateBenchmark() {}

    /**
     * @param readSeconds that reading all files of the checkpoint took
     * @param loadSeconds that opening the model took, the files just read
     * @param peakBytes largest resident memory of the process so far, mapped files included; 0 where the system does not
     *     tell
     * @param ownBytes resident memory at the end that is no mapped file
     */
    public record Result(double readSeconds, double loadSeconds, List<Speed> speeds, long peakBytes, long ownBytes) {}

    /**
     * Of one batch size.
     *
     * @param prompt tokens of one row, placeholders included
     * @param newTokens that each row writes
     * @param visionSeconds for the pictures of all rows
     * @param prefillSeconds for the prompts of all rows, up to the first token
     * @param totalSeconds from the prompts to the last token
     * @param logits that the first token of the last row was chosen from
     */
    public record Speed(
            int batch,
            int prompt,
            int newTokens,
            double visionSeconds,
            double prefillSeconds,
            double totalSeconds,
            float[] logits) {

        public double prefillTokensPerSecond() {
            return batch * prompt / prefillSeconds;
        }

        public double decodeTokensPerSecond() {
            return batch * (newTokens - 1) / (totalSeconds - prefillSeconds);
        }
    }

    /**
     * Measures each batch size once, after a small run that is not counted.
     *
     * @param settings of the {@code model} section, as {@code key=value}
     * @param newTokens of each row; rows do not end before
     */
    public static Result run(List<String> settings, List<Integer> batches, int newTokens) throws IOException {
        GenerateConfig.Model config = GenerateConfig.readModel(settings);
        Path folder = ModelSlot.folder(config);
        long start = System.nanoTime();
        read(folder);
        double readSeconds = since(start);
        start = System.nanoTime();
        Device device = config.device(0);
        try (PaliGemma model = ModelSlot.open(config, device)) {
            double loadSeconds = since(start);
            measure(model, 1, 2);
            List<Speed> speeds = new ArrayList<>();
            for (int batch : batches) {
                speeds.add(measure(model, batch, newTokens));
            }
            return new Result(readSeconds, loadSeconds, speeds, statusBytes("VmHWM:"), statusBytes("RssAnon:"));
        }
    }

    private static Speed measure(PaliGemma model, int batch, int newTokens) {
        List<RgbImage> pictures = IntStream.range(0, batch)
                .mapToObj(number -> picture(number, model.side()))
                .toList();
        long start = System.nanoTime();
        List<Tensor> features = model.features(pictures);
        double visionSeconds = since(start);
        FirstToken first = new FirstToken();
        List<PromptRow> prompts =
                features.stream().map(picture -> model.prompt(PROMPT, picture)).toList();
        List<Generator.Request> requests = prompts.stream()
                .map(prompt -> new Generator.Request(prompt, 0, first))
                .toList();
        start = System.nanoTime();
        List<Generated> written =
                model.generate(requests, new TokenChoice.Greedy(), new GenerationLimits(newTokens, Set.of()));
        double totalSeconds = since(start);
        if (written.stream().anyMatch(row -> row.end() == EndReason.NOT_FINITE)) {
            throw new InferenceException("Cannot measure " + model.checkpoint() + ": its logits are not finite");
        }
        double prefillSeconds = (first.nanos - start) / 1e9;
        return new Speed(
                batch,
                prompts.get(0).ids().length,
                newTokens,
                visionSeconds,
                prefillSeconds,
                totalSeconds,
                first.logits);
    }

    /** Allows everything, and keeps when the first token of the batch was chosen and from what. */
    private static final class FirstToken implements TokenGrammar {

        private long nanos;
        private float[] logits = new float[0];

        @Override
        public void mask(float[] candidates) {
            nanos = System.nanoTime();
            logits = candidates.clone();
        }

        @Override
        public TokenGrammar after(int id) {
            return TokenGrammar.FREE;
        }

        @Override
        public boolean isFull(float[] candidates) {
            return false;
        }
    }

    /** A picture by a rule that the peer script repeats, of the size the model sees. */
    private static RgbImage picture(int number, int side) {
        ImageSize size = new ImageSize(side, side);
        byte[] rgb = new byte[Math.toIntExact(3 * size.pixels())];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (((long) i * i * 31 + i * 7L + number * 13L) >> 3);
        }
        return new RgbImage(size, rgb);
    }

    private static void read(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            byte[] block = new byte[1 << 22];
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try (InputStream stream = Files.newInputStream(file)) {
                    while (stream.read(block) >= 0) {}
                }
            }
        }
    }

    private static long statusBytes(String entry) throws IOException {
        if (!Files.isReadable(STATUS)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(entry))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        }
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
