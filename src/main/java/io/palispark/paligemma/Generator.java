package io.palispark.paligemma;

import io.palispark.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Writes on from prompts, a batch at a time. */
public final class Generator {

    private final LanguageModel model;

    public Generator(LanguageModel model) {
        this.model = model;
    }

    /**
     * Rows to generate.
     *
     * @param prompt what the row starts from
     * @param number tells rows with the same seed apart, such as the row's place in the job
     * @param grammar what the row may say
     */
    public record Request(PromptRow prompt, long number, TokenGrammar grammar) {

        public Request(PromptRow prompt, long number) {
            this(prompt, number, TokenGrammar.FREE);
        }
    }

    /** Generates each row; the batch may mix prompts of any length and task. In the order of the requests. */
    public List<Generated> generate(List<Request> requests, TokenChoice choice, GenerationLimits limits) {
        List<Row> rows = new ArrayList<>();
        for (Request request : requests) {
            rows.add(new Row(request, choice));
        }
        LanguageModel.Prediction prediction =
                model.prefill(requests.stream().map(Request::prompt).toList());
        List<Row> batch = List.copyOf(rows);
        while (true) {
            choose(batch, prediction.logits(), choice, limits);
            int[] open = openRows(batch);
            if (open.length == 0) {
                return rows.stream().map(Row::generated).toList();
            }
            KvCache cache = prediction.cache();
            if (2 * open.length <= batch.size()) {
                cache = cache.select(open);
                batch = Arrays.stream(open).mapToObj(batch::get).toList();
            }
            prediction = model.next(cache, batch.stream().mapToInt(Row::last).toArray());
        }
    }

    private static void choose(List<Row> batch, Tensor logits, TokenChoice choice, GenerationLimits limits) {
        FloatBuffer values = logits.buffer().asFloatBuffer();
        int vocabulary = Math.toIntExact(logits.extent(1));
        IntStream.of(openRows(batch)).parallel().forEach(i -> {
            float[] row = new float[vocabulary];
            values.get(i * vocabulary, row);
            batch.get(i).choose(row, choice, limits);
        });
    }

    private static int[] openRows(List<Row> batch) {
        return IntStream.range(0, batch.size()).filter(i -> batch.get(i).open).toArray();
    }

    /** A row on its way. */
    private static final class Row {

        private final IdBuffer ids = new IdBuffer();
        private final List<Double> logProbabilities = new ArrayList<>();
        private final SplittableRandom random;
        private TokenGrammar grammar;
        private boolean open = true;
        private EndReason end = EndReason.LENGTH;
        private int last;

        Row(Request request, TokenChoice choice) {
            this.grammar = request.grammar();
            this.random = choice.random(request.number());
        }

        int last() {
            return last;
        }

        /** Takes the next token; {@code logits} are changed. */
        void choose(float[] logits, TokenChoice choice, GenerationLimits limits) {
            double normaliser = LogProbabilities.normaliser(logits);
            float[] raw = grammar == TokenGrammar.FREE ? logits : logits.clone();
            grammar.mask(logits);
            last = choice.choose(logits, random);
            ids.add(last);
            logProbabilities.add(raw[last] - normaliser);
            if (limits.endIds().contains(last)) {
                open = false;
                end = grammar.isFull(raw) ? EndReason.FULL : EndReason.END_TOKEN;
            } else if (logProbabilities.size() == limits.newTokens()) {
                open = false;
            } else {
                grammar = grammar.after(last);
            }
        }

        Generated generated() {
            return new Generated(
                    ids.toArray(),
                    logProbabilities.stream().mapToDouble(Double::doubleValue).toArray(),
                    end);
        }
    }
}
