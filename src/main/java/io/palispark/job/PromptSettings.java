package io.palispark.job;

import io.palispark.dataset.NoiseBoxes;
import io.palispark.dataset.PromptForm;
import io.palispark.dataset.PromptPlan;
import io.palispark.dataset.PromptTemplate;
import io.palispark.dataset.Task;
import io.palispark.token.LabelProblem;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code task}, {@code prompt.*} and {@code noise.*}. */
final class PromptSettings {

    /** Words for yes and no in the languages that our own questions are in. */
    private static final Map<String, List<String>> YES_AND_NO = Map.of(
            "en", List.of("yes", "no"),
            "de", List.of("ja", "nein"),
            "fr", List.of("oui", "non"),
            "es", List.of("sí", "no"));

    private final Settings settings;

    private PromptSettings(Settings settings) {
        this.settings = settings;
    }

    static PromptPlan read(Settings settings, List<Task> tasks) {
        return new PromptSettings(settings).read(tasks);
    }

    private PromptPlan read(List<Task> tasks) {
        int classesPerRow = classesPerRow();
        PromptPlan.Templates templates = templates(tasks);
        PromptTemplate segment = templates.texts().get(Task.SEGMENT);
        if (segment != null && segment.text().equals("{classes}") && classesPerRow != 1) {
            settings.problem("prompt.rows-per", "prompt.segment names one class alone: set it to class");
        }
        return new PromptPlan(
                tasks,
                templates,
                classesPerRow,
                settings.choice("prompt.classes", PromptPlan.Classes.class),
                List.of(),
                settings.wholeNumber("prompt.negatives", 0, 1000),
                settings.wholeNumber("prompt.negative-rows", 0, 1000),
                noise(),
                settings.choice("prompt.empty-images", PromptPlan.EmptyImages.class),
                settings.choice("prompt.captions", PromptPlan.Captions.class),
                settings.choice("prompt.answers", PromptPlan.Answers.class),
                settings.longNumber("split.seed"));
    }

    /** Templates of the tasks that are asked for; those of others are checked too. */
    private PromptPlan.Templates templates(List<Task> tasks) {
        String language = settings.text("prompt.language");
        if (!language.matches("[a-z]{2,3}([-_][A-Za-z0-9]+)*")) {
            settings.problem("prompt.language", "'" + language + "' is no language code such as en or pt-br");
        }
        Map<Task, PromptTemplate> texts = new EnumMap<>(Task.class);
        for (Task task : Task.values()) {
            template(task, language, tasks.contains(task)).ifPresent(template -> {
                if (tasks.contains(task)) {
                    texts.put(task, template);
                }
            });
        }
        List<String> words = YES_AND_NO.getOrDefault(language, List.of("", ""));
        return new PromptPlan.Templates(
                texts,
                language,
                word("prompt.yes", words.get(0), tasks, language),
                word("prompt.no", words.get(1), tasks, language));
    }

    private Optional<PromptTemplate> template(Task task, String language, boolean isUsed) {
        String path = path(task);
        String value = settings.text(path);
        Optional<PromptForm> form = PromptForm.of(task, value);
        if (form.isPresent()) {
            Optional<PromptTemplate> named = form.get().text(language).map(PromptTemplate::new);
            if (named.isEmpty() && isUsed) {
                settings.problem(path, "'" + value + "' is not there in " + language + ": give a template of your own");
            }
            return named;
        }
        PromptTemplate own = new PromptTemplate(value);
        for (String problem : own.problems(task)) {
            settings.problem(
                    path, problem + " (a name would be one of " + String.join(" | ", PromptForm.names(task)) + ")");
        }
        return Optional.of(own);
    }

    /** The key of a task's prompt; {@code answer} is the name that the prompt itself has. */
    private static String path(Task task) {
        return "prompt." + (task == Task.VQA ? "answer" : Settings.spelling(task));
    }

    private String word(String path, String usual, List<Task> tasks, String language) {
        String own = settings.text(path);
        if (own.isEmpty() && usual.isEmpty() && tasks.contains(Task.PRESENCE)) {
            settings.problem(path, "required for the language " + language);
        }
        return own.isEmpty() ? usual : own;
    }

    private NoiseBoxes noise() {
        String label = settings.text("noise.label");
        LabelProblem.of(label)
                .ifPresent(problem -> settings.problem("noise.label", "'" + label + "' cannot stand in a suffix"));
        return new NoiseBoxes(
                settings.wholeNumber("noise.objects", 0, 10_000), label, settings.longNumber("noise.seed"));
    }

    private int classesPerRow() {
        String value = settings.text("prompt.rows-per");
        return switch (value) {
            case "image" -> PromptPlan.ALL_CLASSES;
            case "class" -> 1;
            default -> settings.wholeNumber("prompt.rows-per", 1, Integer.MAX_VALUE);
        };
    }
}
