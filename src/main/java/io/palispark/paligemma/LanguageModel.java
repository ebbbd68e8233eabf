package io.palispark.paligemma;

import io.palispark.tensor.Device;
import io.palispark.tensor.ElementType;
import io.palispark.tensor.SessionChain;
import io.palispark.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Prompts to logits, and on from there token by token. Safe for concurrent use; what a sequence has seen lies in its
 * {@link Prediction}.
 */
public final class LanguageModel implements AutoCloseable {

    /** Weights of one link on the processor, as float32; what loading needs beyond the model itself is about half as much. */
    private static final long LINK_BYTES = 1L << 30;

    /**
     * Tokens that the processor reads at once, unless one prompt has more. What a layer makes of them should stay near the
     * cores: 16 prompts at once were read 11 % slower than one at a time ({@code palispark benchmark generate}).
     */
    private static final int TOKENS_AT_ONCE = 512;

    private final CheckpointConfig config;
    private final SessionChain sessions;
    private final StepEngine steps;
    private final Optional<DecodingLoop> loop;
    private final int tokensAtOnce;
    private final String inWords;

    private LanguageModel(ModelBuild build, SessionChain sessions, StepEngine steps) {
        this.config = build.checkpoint().config();
        this.sessions = sessions;
        this.steps = steps;
        this.loop = steps instanceof StepEngine.Loop
                ? Optional.of(DecodingLoop.of(config.text(), sessions))
                : Optional.empty();
        this.tokensAtOnce = build.device() instanceof Device.Cpu ? TOKENS_AT_ONCE : Integer.MAX_VALUE;
        this.inWords = inWords(build, steps);
    }

    static LanguageModel open(ModelBuild build) throws IOException {
        boolean areWeightsMadeAtLoad =
                build.device() instanceof Device.Cpu && build.weightPlace() == WeightPlace.WIDENED;
        return open(build, areWeightsMadeAtLoad ? LINK_BYTES : Long.MAX_VALUE);
    }

    static LanguageModel open(ModelBuild build, long linkBytes) throws IOException {
        StepEngine steps = StepEngine.of(build);
        List<SessionChain.Link> links = new ArrayList<>();
        if (steps instanceof StepEngine.Loop) {
            links.add(GemmaGraph.loop(build));
        } else {
            links.addAll(GemmaGraph.layers(build, linkBytes));
            if (steps.head().isEmpty()) {
                links.add(GemmaGraph.head(build));
            }
        }
        return new LanguageModel(build, SessionChain.open(links, build.device()), steps);
    }

    /** In words, what computes the tokens after the prompt and, where it is the slower way, why; and where matrices lie. */
    public String stepEngine() {
        return inWords;
    }

    /** The same of a model that is not loaded. */
    public static String stepEngine(Checkpoint checkpoint, ModelSettings settings) throws IOException {
        ModelBuild build = ModelBuild.of(checkpoint, settings);
        try (StepEngine steps = StepEngine.of(build)) {
            return inWords(build, steps);
        }
    }

    private static String inWords(ModelBuild build, StepEngine steps) {
        return build.weightPlace() == WeightPlace.MAPPED ? steps + ", matrices in their files" : steps.toString();
    }

    public CheckpointConfig config() {
        return config;
    }

    /**
     * The raw logits of the next token of each row; no soft cap is applied to them.
     *
     * @param logits float32 [rows, vocabulary]
     */
    public record Prediction(Tensor logits, KvCache cache) {}

    /** Reads prompts; rows of different length are padded on the left, which changes no result. */
    public Prediction prefill(List<PromptRow> rows) {
        int longest = rows.stream().mapToInt(row -> row.ids().length).max().orElseThrow();
        int together = Math.max(1, tokensAtOnce / longest);
        List<Prediction> read = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += together) {
            read.add(prefillTogether(rows.subList(from, Math.min(rows.size(), from + together))));
        }
        KvCache cache = KvCache.joined(read.stream().map(Prediction::cache).toList());
        return new Prediction(stacked(read.stream().map(Prediction::logits).toList()), cache);
    }

    private static Tensor stacked(List<Tensor> logits) {
        if (logits.size() == 1) {
            return logits.get(0);
        }
        long rows = logits.stream().mapToLong(tensor -> tensor.extent(0)).sum();
        Tensor all = Tensor.allocate(ElementType.FLOAT32, rows, logits.get(0).extent(1));
        ByteBuffer target = all.buffer();
        logits.forEach(tensor -> target.put(tensor.buffer()));
        return all;
    }

    private Prediction prefillTogether(List<PromptRow> rows) {
        PromptBatch batch = new PromptBatch(config, rows);
        KvCache.Growth growth = KvCache.empty(config.text(), batch.padding()).growth(batch.columns());
        Map<String, Tensor> inputs = promptInputs(batch, new int[] {batch.columns() - 1});
        Map<String, Tensor> outputs = run(inputs, rows.size(), growth);
        return new Prediction(outputs.get(GemmaGraph.LOGITS), growth.grown());
    }

    /** All outputs of the graph, with the logits after each of the given columns. */
    Map<String, Tensor> prefill(PromptBatch batch, int[] columns) {
        KvCache empty = KvCache.empty(config.text(), batch.padding());
        int logits = empty.rows() * columns.length;
        return run(promptInputs(batch, columns), logits, empty.growth(batch.columns()));
    }

    /** @param logits rows of the logits that come out */
    private Map<String, Tensor> run(Map<String, Tensor> inputs, int logits, KvCache.Growth growth) {
        loop.ifPresent(unused -> inputs.putAll(unused.idle(logits)));
        Map<String, Tensor> outputs = sessions.run(inputs, growth.places());
        steps.head().ifPresent(head -> {
            Tensor last = outputs.get(GemmaGraph.lastResidual(config.text()));
            outputs.put(GemmaGraph.LOGITS, head.logits(last.floats(), logits));
        });
        return outputs;
    }

    private Map<String, Tensor> promptInputs(PromptBatch batch, int[] columns) {
        Map<String, Tensor> inputs = new LinkedHashMap<>(batch.inputs());
        Tensor mask = mask(batch.padding()).prompt(batch.columns());
        putMasks(inputs, mask, mask);
        inputs.put(GemmaGraph.COLUMNS, columns(columns));
        inputs.putAll(KvCache.empty(config.text(), batch.padding()).tensors());
        return inputs;
    }

    /** What goes on with rows by itself, many tokens at a time, where the model has it. */
    Optional<DecodingLoop> loop() {
        return loop;
    }

    /** Reads prompts and goes on from there; only where there is a {@link #loop}. */
    DecodingLoop.Stretch read(List<PromptRow> rows, DecodingLoop.Plan plan) {
        PromptBatch batch = new PromptBatch(config, rows);
        Map<String, Tensor> inputs = promptInputs(batch, new int[] {batch.columns() - 1});
        return loop.orElseThrow().run(inputs, batch.padding(), plan);
    }

    /** Goes on after the last token of each row; only where there is a {@link #loop}. */
    DecodingLoop.Stretch goOn(KvCache cache, int[] ids, DecodingLoop.Plan plan) {
        return loop.orElseThrow().run(stepInputs(cache, ids), cache.padding(), plan);
    }

    /** Appends one token to each row; {@link KvCache} says how long the given one is of use. */
    public Prediction next(KvCache cache, int[] ids) {
        Optional<TokenStep> streamed = steps.forRows(ids.length);
        return streamed.isPresent() ? streamed.get().next(cache, ids) : graphStep(cache, ids);
    }

    private Prediction graphStep(KvCache cache, int[] ids) {
        Map<String, Tensor> inputs = stepInputs(cache, ids);
        KvCache.Growth growth = cache.growth(1);
        Map<String, Tensor> outputs = run(inputs, ids.length, growth);
        return new Prediction(outputs.get(GemmaGraph.LOGITS), growth.grown());
    }

    private Map<String, Tensor> stepInputs(KvCache cache, int[] ids) {
        int columns = cache.columns() + 1;
        Map<String, Tensor> inputs = new HashMap<>(cache.tensors());
        inputs.put(GemmaGraph.IDS, column(IntStream.of(ids).asLongStream().toArray()));
        inputs.put(
                GemmaGraph.POSITIONS,
                column(IntStream.of(cache.padding())
                        .mapToLong(hidden -> columns - hidden)
                        .toArray()));
        long[] noFeatures = new long[ids.length];
        Arrays.fill(noFeatures, -1);
        inputs.put(GemmaGraph.FEATURE_ROWS, column(noFeatures));
        inputs.put(
                GemmaGraph.FEATURES,
                Tensor.allocate(ElementType.FLOAT32, 1, config.text().width()));
        AttentionMask mask = mask(cache.padding());
        putMasks(inputs, mask.step(columns, AttentionSpan.ALL), mask.step(columns, AttentionSpan.WINDOW));
        inputs.put(GemmaGraph.COLUMNS, columns(0));
        return inputs;
    }

    /**
     * The logits that predict each token of a suffix after a prompt, as in training: the prompt sees itself whole, the
     * suffix what stands before it.
     *
     * @return float32 [suffix length, vocabulary]
     */
    public Tensor suffixLogits(PromptRow prompt, int[] suffix) {
        int prefix = prompt.ids().length;
        int[] ids = IntStream.concat(IntStream.of(prompt.ids()), IntStream.of(suffix))
                .toArray();
        PromptBatch batch = new PromptBatch(config, List.of(new PromptRow(ids, prompt.features())));
        Map<String, Tensor> inputs = new LinkedHashMap<>(batch.inputs());
        AttentionMask mask = mask(batch.padding());
        putMasks(
                inputs,
                mask.suffix(prefix, ids.length, AttentionSpan.ALL),
                mask.suffix(prefix, ids.length, AttentionSpan.WINDOW));
        inputs.put(
                GemmaGraph.COLUMNS,
                columns(IntStream.range(prefix - 1, ids.length - 1).toArray()));
        KvCache empty = KvCache.empty(config.text(), batch.padding());
        inputs.putAll(empty.tensors());
        return run(inputs, suffix.length, empty.growth(ids.length)).get(GemmaGraph.LOGITS);
    }

    private AttentionMask mask(int[] padding) {
        return new AttentionMask(padding, config.text().window());
    }

    private void putMasks(Map<String, Tensor> inputs, Tensor mask, Tensor windowMask) {
        inputs.put(GemmaGraph.MASK, mask);
        if (GemmaGraph.hasWindow(config.text())) {
            inputs.put(GemmaGraph.WINDOW_MASK, windowMask);
        }
    }

    private static Tensor column(long[] values) {
        return Tensor.of(values, values.length, 1);
    }

    private static Tensor columns(int... columns) {
        return Tensor.of(IntStream.of(columns).asLongStream().toArray(), columns.length);
    }

    @Override
    public void close() {
        sessions.close();
        steps.close();
    }
}
