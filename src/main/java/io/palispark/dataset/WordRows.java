package io.palispark.dataset;

import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.ReasonCode;
import io.palispark.dataset.RowComposer.Draft;
import io.palispark.token.Convention;
import io.palispark.token.LabelProblem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Rows that put the objects of a picture into words: their number, whether there are any, their classes, their text. A
 * class of which an object was refused, such as a crowd, is neither counted nor called absent.
 */
public final class WordRows {

    private final PromptPlan plan;
    private final TokenBudget budget;
    private final TokenCounter counter;
    private final Convention convention;

    public WordRows(PromptPlan plan, TokenBudget budget, TokenCounter counter, Convention convention) {
        this.plan = plan;
        this.budget = budget;
        this.counter = counter;
        this.convention = convention;
    }

    /** Adds the rows of one task of {@link Task.Material#OBJECT_TEXT}. */
    void rows(ImageSample sample, Task task, Draft draft) {
        List<EncodedObject> usable = new ArrayList<>();
        for (EncodedObject object : ObjectOrder.RASTER.sort(sample.objects(), sample.image(), 0)) {
            if (LabelProblem.of(object.label()).isPresent()) {
                draft.drop(RowKind.OBJECT, object.objectId(), ReasonCode.CATEGORY_NAME_SEPARATOR);
            } else {
                usable.add(object);
            }
        }
        switch (task) {
            case OCR ->
                all(sample, task, " ", usable.stream().map(EncodedObject::label).toList(), usable, draft);
            case LISTING -> all(sample, task, ", ", List.copyOf(byClass(usable).keySet()), usable, draft);
            case REGION -> usable.forEach(object -> region(sample, object, draft));
            case COUNT, PRESENCE -> classes(sample, task, byClass(usable), draft);
            case DETECT, SEGMENT, CAPTION, VQA, QUESTION ->
                throw new IllegalArgumentException("Cannot put objects into words for " + task);
        }
    }

    private static TreeMap<String, List<EncodedObject>> byClass(List<EncodedObject> objects) {
        return objects.stream().collect(Collectors.groupingBy(EncodedObject::label, TreeMap::new, Collectors.toList()));
    }

    private void all(
            ImageSample sample,
            Task task,
            String between,
            List<String> words,
            List<EncodedObject> objects,
            Draft draft) {
        if (!words.isEmpty()) {
            add(sample, task, Map.of(), String.join(between, words), objects, draft);
        }
    }

    private void region(ImageSample sample, EncodedObject object, Draft draft) {
        String box = convention.order().text(object.suffix().box());
        add(sample, Task.REGION, Map.of("box", box), object.label(), List.of(object), draft);
    }

    private void classes(ImageSample sample, Task task, TreeMap<String, List<EncodedObject>> present, Draft draft) {
        TreeSet<String> asked = new TreeSet<>(present.keySet());
        asked.addAll(absent(sample, task, present.keySet()));
        for (String label : asked) {
            List<EncodedObject> objects = present.getOrDefault(label, List.of());
            boolean isKnown = task == Task.PRESENCE || !sample.uncertain().contains(label);
            if (isKnown) {
                String answer = task == Task.COUNT
                        ? Integer.toString(objects.size())
                        : objects.isEmpty()
                                ? plan.templates().no()
                                : plan.templates().yes();
                add(sample, task, Map.of("class", label), answer, objects, draft);
            }
        }
    }

    private List<String> absent(ImageSample sample, Task task, Set<String> present) {
        return plan.vocabulary().stream()
                .filter(label -> !present.contains(label) && sample.isAbsent(label))
                .sorted(Comparator.comparingLong((String label) ->
                                StableHash.of("absent", task.name(), Long.toString(plan.seed()), sample.image(), label))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(plan.negatives())
                .toList();
    }

    private void add(
            ImageSample sample,
            Task task,
            Map<String, String> places,
            String suffix,
            List<EncodedObject> objects,
            Draft draft) {
        int tokens = counter.count(suffix) + 1;
        if (tokens > budget.tokens()) {
            objects.forEach(object -> draft.drop(RowKind.OBJECT, object.objectId(), ReasonCode.BUDGET_EXCEEDED));
            return;
        }
        String prefix = plan.templates().prompt(task, places);
        TreeSet<ReasonCode> warnings = new TreeSet<>();
        objects.forEach(object -> warnings.addAll(object.warnings()));
        draft.add(
                RowKind.OBJECT,
                new TrainingRow(
                        sample.image(),
                        prefix,
                        suffix,
                        new TrainingRow.Source(
                                sample.imageId(),
                                task,
                                List.of(),
                                objects.stream().map(EncodedObject::objectId).toList(),
                                List.of(),
                                0,
                                Set.of(),
                                List.copyOf(warnings)),
                        new TrainingRow.Tokens(counter.count(prefix), tokens)));
    }
}
