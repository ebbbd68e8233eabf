package io.palispark.dataset;

import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.ReasonCode;
import io.palispark.dataset.RowComposer.Draft;
import io.palispark.token.Convention;
import io.palispark.token.SuffixObject;
import io.palispark.token.SuffixWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The {@code detect} and {@code segment} rows of a picture: which classes share a prompt, and what fits the budget. */
public final class ObjectRows {

    private final PromptPlan plan;
    private final ObjectOrder order;
    private final long orderSeed;
    private final TokenBudget budget;
    private final TokenCounter counter;
    private final Convention convention;
    private final SuffixWriter writer;

    public ObjectRows(
            PromptPlan plan,
            ObjectOrder order,
            long orderSeed,
            TokenBudget budget,
            TokenCounter counter,
            Convention convention) {
        this.plan = plan;
        this.order = order;
        this.orderSeed = orderSeed;
        this.budget = budget;
        this.counter = counter;
        this.convention = convention;
        this.writer = new SuffixWriter(convention);
    }

    /** Adds the rows of one task; {@code objects} can all be written by it. */
    void rows(ImageSample sample, Task task, List<EncodedObject> objects, Draft draft) {
        if (objects.isEmpty() && plan.emptyImages() == PromptPlan.EmptyImages.REJECT) {
            return;
        }
        List<EncodedObject> ordered = order.sort(objects, sample.image(), orderSeed);
        Set<String> present = new TreeSet<>();
        ordered.forEach(object -> present.add(object.label()));
        for (List<String> classes : prompts(sample, present)) {
            fit(sample, task, classes, ordered, draft);
        }
        absent(sample, present, "negative row")
                .limit(plan.negativeRows())
                .forEach(label -> draft.add(RowKind.OBJECT, row(sample, task, List.of(label), List.of())));
    }

    /** Classes that are known not to be on the picture, shuffled by a hash that {@code use} is part of. */
    private Stream<String> absent(ImageSample sample, Set<String> present, String... use) {
        return plan.vocabulary().stream()
                .filter(label -> !present.contains(label) && sample.isAbsent(label))
                .sorted(Comparator.comparingLong((String label) -> {
                            List<String> parts = new ArrayList<>(List.of(use));
                            parts.addAll(List.of(Long.toString(plan.seed()), sample.image(), label));
                            return StableHash.of(parts.toArray(new String[0]));
                        })
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** The class lists of the prompts, each sorted. */
    private List<List<String>> prompts(ImageSample sample, Set<String> present) {
        List<String> asked = switch (plan.classes()) {
            case PRESENT -> List.copyOf(present);
            case ALL ->
                plan.vocabulary().stream()
                        .filter(label -> present.contains(label) || sample.isAbsent(label))
                        .toList();
        };
        List<List<String>> prompts = new ArrayList<>();
        for (int from = 0; from < asked.size(); ) {
            int to = (int) Math.min(asked.size(), (long) from + plan.classesPerRow());
            prompts.add(withNegatives(sample, asked.subList(from, to), present, prompts.size()));
            from = to;
        }
        if (prompts.isEmpty()) {
            List<String> negatives = withNegatives(sample, List.of(), present, 0);
            if (!negatives.isEmpty()) {
                prompts.add(negatives);
            }
        }
        return prompts;
    }

    private List<String> withNegatives(ImageSample sample, List<String> classes, Set<String> present, int row) {
        TreeSet<String> asked = new TreeSet<>(classes);
        absent(sample, present, "negative", Integer.toString(row))
                .filter(label -> !asked.contains(label))
                .limit(plan.negatives())
                .toList()
                .forEach(asked::add);
        return List.copyOf(asked);
    }

    private void fit(ImageSample sample, Task task, List<String> classes, List<EncodedObject> ordered, Draft draft) {
        List<EncodedObject> asked = ordered.stream()
                .filter(object -> classes.contains(object.label()))
                .toList();
        if (suffixTokens(task, asked) <= budget.tokens()) {
            draft.add(RowKind.OBJECT, row(sample, task, classes, asked));
            return;
        }
        switch (budget.overflow()) {
            case DROP_OBJECTS -> dropSmallest(sample, task, classes, asked, draft);
            case SPLIT_PROMPT -> {
                if (classes.size() == 1) {
                    dropSmallest(sample, task, classes, asked, draft);
                } else {
                    int half = classes.size() / 2;
                    fit(sample, task, classes.subList(0, half), ordered, draft);
                    fit(sample, task, classes.subList(half, classes.size()), ordered, draft);
                }
            }
            case REJECT -> asked.forEach(object -> exceeded(object, draft));
        }
    }

    /** Keeps as many of the largest objects as fit, in their order; the others exceed the budget. */
    private void dropSmallest(
            ImageSample sample, Task task, List<String> classes, List<EncodedObject> asked, Draft draft) {
        List<EncodedObject> largest =
                asked.stream().sorted(ObjectOrder.LARGEST_FIRST).toList();
        int fits = 0;
        int tooMany = largest.size();
        while (tooMany - fits > 1) {
            int middle = (fits + tooMany) >>> 1;
            if (suffixTokens(task, keep(asked, largest.subList(0, middle))) <= budget.tokens()) {
                fits = middle;
            } else {
                tooMany = middle;
            }
        }
        largest.subList(fits, largest.size()).forEach(object -> exceeded(object, draft));
        if (fits > 0) {
            draft.add(RowKind.OBJECT, row(sample, task, classes, keep(asked, largest.subList(0, fits))));
        }
    }

    private static List<EncodedObject> keep(List<EncodedObject> asked, List<EncodedObject> kept) {
        Set<String> ids = new LinkedHashSet<>();
        kept.forEach(object -> ids.add(object.objectId()));
        return asked.stream().filter(object -> ids.contains(object.objectId())).toList();
    }

    private static void exceeded(EncodedObject object, Draft draft) {
        draft.drop(RowKind.OBJECT, object.objectId(), ReasonCode.BUDGET_EXCEEDED);
    }

    private TrainingRow row(ImageSample sample, Task task, List<String> classes, List<EncodedObject> objects) {
        String prefix = plan.templates()
                .prompt(
                        task,
                        Map.of("classes", String.join(convention.separator().text(), classes)));
        List<SuffixObject> written = written(task, objects);
        int noise = addNoise(sample, task, prefix, written);
        String suffix = writer.write(written);
        TreeSet<ReasonCode> warnings = new TreeSet<>();
        objects.forEach(object -> warnings.addAll(object.warnings()));
        return new TrainingRow(
                sample.image(),
                prefix,
                suffix,
                new TrainingRow.Source(
                        sample.imageId(),
                        task,
                        classes,
                        objects.stream().map(EncodedObject::objectId).toList(),
                        objects.stream().map(EncodedObject::label).toList(),
                        noise,
                        ObjectOrder.followed(objects),
                        List.copyOf(warnings)),
                new TrainingRow.Tokens(counter.count(prefix), counter.count(suffix) + 1));
    }

    private int suffixTokens(Task task, List<EncodedObject> objects) {
        return counter.count(writer.write(written(task, objects))) + 1;
    }

    private static List<SuffixObject> written(Task task, List<EncodedObject> objects) {
        List<SuffixObject> written = new ArrayList<>();
        for (EncodedObject object : objects) {
            written.add(
                    task == Task.SEGMENT
                            ? object.suffix()
                            : new SuffixObject(object.suffix().box(), Optional.empty(), object.label()));
        }
        return written;
    }

    /** Adds as many boxes of nothing as are wanted and the budget has room for; returns how many. */
    private int addNoise(ImageSample sample, Task task, String prefix, List<SuffixObject> written) {
        int real = written.size();
        if (task != Task.DETECT) {
            return 0;
        }
        written.addAll(plan.noise().behind(sample.image(), prefix, List.copyOf(written)));
        while (written.size() > real && counter.count(writer.write(written)) + 1 > budget.tokens()) {
            written.remove(written.size() - 1);
        }
        return written.size() - real;
    }
}
