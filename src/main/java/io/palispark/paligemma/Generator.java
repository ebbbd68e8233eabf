package io.palispark.paligemma;

import io.palispark.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

    /** Generates each row, all at once; the batch may mix prompts of any length and task. In the order of the requests. */
    public List<Generated> generate(List<Request> requests, TokenChoice choice, GenerationLimits limits) {
        return generate(requests, Math.max(1, requests.size()), choice, limits);
    }

    /**
     * Generates each row, so many at a time: prompts that wait take the places of rows that ended, as soon as a quarter of
     * the places is free. Which rows are side by side follows from the requests alone.
     *
     * @param places rows at a time, at most
     */
    public List<Generated> generate(List<Request> requests, int places, TokenChoice choice, GenerationLimits limits) {
        return new Run(requests, places, choice, limits).toEnd();
    }

    /** Rows on their way, of which some wait for a place. */
    private final class Run {

        private final List<Request> requests;
        private final int places;
        private final TokenChoice choice;
        private final GenerationLimits limits;
        private final List<Row> rows = new ArrayList<>();
        private List<Row> batch = List.of();
        private Optional<KvCache> cache = Optional.empty();

        Run(List<Request> requests, int places, TokenChoice choice, GenerationLimits limits) {
            this.requests = requests;
            this.places = places;
            this.choice = choice;
            this.limits = limits;
        }

        List<Generated> toEnd() {
            while (true) {
                if (rows.size() < requests.size() && isRefilledAt(batch.size())) {
                    begin();
                } else if (batch.isEmpty()) {
                    return rows.stream().map(Row::generated).toList();
                } else {
                    step();
                }
            }
        }

        /** Fewer prefills than for each free place, fewer idle places than at a half: the fastest of the three. */
        private boolean isRefilledAt(int taken) {
            return 4 * (places - taken) >= places;
        }

        /** Reads as many waiting prompts as places are free. */
        private void begin() {
            int free = Math.min(places - batch.size(), requests.size() - rows.size());
            List<Request> next = requests.subList(rows.size(), rows.size() + free);
            LanguageModel.Prediction first =
                    model.prefill(next.stream().map(Request::prompt).toList());
            List<Row> begun =
                    next.stream().map(request -> new Row(request, choice)).toList();
            rows.addAll(begun);
            choose(begun, first.logits());
            int[] open = openRows(begun);
            if (open.length > 0) {
                KvCache read = open.length < free ? first.cache().select(open) : first.cache();
                cache = Optional.of(KvCache.joined(
                        Stream.concat(cache.stream(), Stream.of(read)).toList()));
                batch = Stream.concat(batch.stream(), Arrays.stream(open).mapToObj(begun::get))
                        .toList();
            }
        }

        /** One token for each row. Rows that ended stay while that is cheaper than copying the others. */
        private void step() {
            LanguageModel.Prediction prediction = model.next(
                    cache.orElseThrow(), batch.stream().mapToInt(Row::last).toArray());
            choose(batch, prediction.logits());
            cache = Optional.of(prediction.cache());
            int[] open = openRows(batch);
            boolean isWaitedFor = rows.size() < requests.size();
            if (open.length < batch.size()
                    && (isWaitedFor ? isRefilledAt(open.length) : 2 * open.length <= batch.size())) {
                cache = open.length == 0
                        ? Optional.empty()
                        : Optional.of(prediction.cache().select(open));
                batch = Arrays.stream(open).mapToObj(batch::get).toList();
            }
        }

        private void choose(List<Row> some, Tensor logits) {
            FloatBuffer values = logits.buffer().asFloatBuffer();
            int vocabulary = Math.toIntExact(logits.extent(1));
            IntStream.of(openRows(some)).parallel().forEach(i -> {
                float[] row = new float[vocabulary];
                values.get(i * vocabulary, row);
                some.get(i).choose(row, choice, limits);
            });
        }
    }

    private static int[] openRows(List<Row> rows) {
        return IntStream.range(0, rows.size()).filter(i -> rows.get(i).open).toArray();
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
