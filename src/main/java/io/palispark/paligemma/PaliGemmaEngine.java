package io.palispark.paligemma;

import io.palispark.image.RgbImage;
import io.palispark.tensor.Device;
import io.palispark.tensor.ObjectEngine;
import io.palispark.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * PaliGemma for DJL: {@code Criteria.optEngine("PaliGemma")} with a checkpoint folder as model path. Options:
 * {@code precision}, a {@link Precision} in any case, and {@code adapter}, a folder merged into the checkpoint.
 */
public final class PaliGemmaEngine extends ObjectEngine<PaliGemma> {

    /** What DJL calls it. */
    public static final String NAME = "PaliGemma";

    private static final String ADAPTER = "adapter";
    private static final String PRECISION = "precision";
    private static final String WEIGHTS = "weights";

    /** For DJL, which looks it up as a service. */
    public PaliGemmaEngine() {
        super(NAME);
    }

    /** A question made ready by {@link PaliGemmaTranslator}, with how to answer it. */
    record Prepared(RgbImage square, String prefix, PaliGemmaTranslator rules) {}

    @Override
    protected PaliGemma open(Path folder, Device device, Map<String, ?> options) throws IOException {
        checkOptions(options, List.of(ADAPTER, PRECISION, WEIGHTS));
        Optional<Path> adapter = Optional.ofNullable(options.get(ADAPTER)).map(path -> Path.of(path.toString()));
        ModelSettings settings = ModelSettings.on(device).withAdapter(adapter);
        if (options.get(PRECISION) != null) {
            settings = settings.withPrecision(Precision.valueOf(spelled(options.get(PRECISION))));
        }
        if (options.get(WEIGHTS) != null) {
            settings = settings.withWeights(WeightPlace.valueOf(spelled(options.get(WEIGHTS))));
        }
        return PaliGemma.open(folder, settings);
    }

    private static String spelled(Object option) {
        return option.toString().toUpperCase(Locale.ROOT);
    }

    @Override
    protected void close(PaliGemma model) throws IOException {
        model.close();
    }

    @Override
    protected List<?> forward(PaliGemma model, List<Object> inputs) {
        List<Prepared> batch = inputs.stream().map(Prepared.class::cast).toList();
        List<Tensor> features =
                model.features(batch.stream().map(Prepared::square).toList());
        PaliGemmaTranslator rules = batch.get(0).rules();
        GenerationLimits limits = model.limits(rules.newTokens());
        List<Generator.Request> requests = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            String prefix = batch.get(i).prefix();
            requests.add(new Generator.Request(
                    model.prompt(prefix, features.get(i)),
                    i,
                    rules.constraint().grammar(prefix, model.tokenizer(), limits)));
        }
        return model.generate(requests, rules.choice(), limits);
    }
}
