package io.palispark.paligemma;

import io.palispark.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
        private final List<RowInProgress> rows = new ArrayList<>();
        private List<RowInProgress> batch = List.of();
        private Optional<KvCache> cache = Optional.empty();

        Run(List<Request> requests, int places, TokenChoice choice, GenerationLimits limits) {
            this.requests = requests;
            this.places = places;
            this.choice = choice;
            this.limits = limits;
        }

        List<Generated> toEnd() {
            while (true) {
                if (isWaitedFor() && isRefilledAt(batch.size())) {
                    begin();
                } else if (batch.isEmpty()) {
                    return rows.stream().map(RowInProgress::generated).toList();
                } else {
                    goOn();
                }
            }
        }

        private boolean isWaitedFor() {
            return rows.size() < requests.size();
        }

        /** Fewer prefills than for each free place, fewer idle places than at a half: the fastest of the three. */
        private boolean isRefilledAt(int taken) {
            return 4 * (places - taken) >= places;
        }

        /** Reads as many waiting prompts as places are free. */
        private void begin() {
            int free = Math.min(places - batch.size(), requests.size() - rows.size());
            List<Request> next = requests.subList(rows.size(), rows.size() + free);
            List<PromptRow> prompts = next.stream().map(Request::prompt).toList();
            List<RowInProgress> begun = next.stream()
                    .map(request -> new RowInProgress(request, choice))
                    .toList();
            rows.addAll(begun);
            Optional<DecodingLoop.Plan> plan = batch.isEmpty() ? plan(begun) : Optional.empty();
            if (plan.isPresent()) {
                batch = begun;
                take(model.read(prompts, plan.get()));
            } else {
                begin(begun, model.prefill(prompts));
            }
        }

        private void begin(List<RowInProgress> begun, LanguageModel.Prediction first) {
            choose(begun, first.logits());
            int[] open = openRows(begun);
            if (open.length > 0) {
                KvCache read = open.length < begun.size() ? first.cache().select(open) : first.cache();
                cache = Optional.of(KvCache.joined(
                        Stream.concat(cache.stream(), Stream.of(read)).toList()));
                batch = Stream.concat(batch.stream(), Arrays.stream(open).mapToObj(begun::get))
                        .toList();
            }
        }

        private void goOn() {
            int[] last = batch.stream().mapToInt(RowInProgress::last).toArray();
            Optional<DecodingLoop.Plan> plan = plan(batch);
            if (plan.isPresent()) {
                take(model.goOn(cache.orElseThrow(), last, plan.get()));
            } else {
                step(model.next(cache.orElseThrow(), last));
            }
        }

        /** One token for each row. Rows that ended stay while that is cheaper than copying the others. */
        private void step(LanguageModel.Prediction prediction) {
            choose(batch, prediction.logits());
            int[] open = openRows(batch);
            boolean areEndedLeftOut = open.length < batch.size()
                    && (isWaitedFor() ? isRefilledAt(open.length) : 2 * open.length <= batch.size());
            if (areEndedLeftOut) {
                keep(open, Optional.of(prediction.cache()));
            } else {
                cache = Optional.of(prediction.cache());
            }
        }

        /** How far the model can go on by itself: to the end of all rows, or until waiting prompts are read. */
        private Optional<DecodingLoop.Plan> plan(List<RowInProgress> some) {
            if (model.loop().isEmpty()) {
                return Optional.empty();
            }
            int leastOpen = isWaitedFor()
                    ? IntStream.rangeClosed(1, places)
                            .filter(open -> !isRefilledAt(open))
                            .findFirst()
                            .orElseThrow()
                    : 1;
            GrammarTable table =
                    new GrammarTable(Math.toIntExact(model.config().text().vocabulary()));
            List<DecodingLoop.Row> planned = some.stream()
                    .flatMap(row -> row.planned(table, choice, limits).stream())
                    .toList();
            return planned.size() < some.size()
                    ? Optional.empty()
                    : Optional.of(new DecodingLoop.Plan(table.inputs(), planned, choice, limits.endIds(), leastOpen));
        }

        private void take(DecodingLoop.Stretch stretch) {
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).take(stretch.rows().get(i), limits);
            }
            keep(openRows(batch), stretch.cache());
        }

        private void keep(int[] open, Optional<KvCache> seen) {
            cache = open.length == 0
                    ? Optional.empty()
                    : Optional.of(seen.orElseThrow().select(open));
            batch = Arrays.stream(open).mapToObj(batch::get).toList();
        }

        private void choose(List<RowInProgress> some, Tensor logits) {
            FloatBuffer values = logits.buffer().asFloatBuffer();
            int vocabulary = Math.toIntExact(logits.extent(1));
            IntStream.of(openRows(some)).parallel().forEach(i -> {
                float[] row = new float[vocabulary];
                values.get(i * vocabulary, row);
                some.get(i).choose(row, choice, limits);
            });
        }
    }

    private static int[] openRows(List<RowInProgress> rows) {
        return IntStream.range(0, rows.size()).filter(i -> rows.get(i).isOpen()).toArray();
    }
}
