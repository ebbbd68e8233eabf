package io.palispark.dataset;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The prompts that PaliGemma was trained on or that others fine-tune it with, by name. A manifest records the name and
 * the text. Where the wording of a derived question is ours, it is there in the languages that {@link #text} lists.
 */
public enum PromptForm {
    /** Pre-training, mix checkpoints and the model card. */
    DETECT(Task.DETECT, "detect {classes}"),
    /** The detection transfer of PaliGemma 2. */
    DETECT_ALL_CLASSES(Task.DETECT, "detect all classes"),
    /** Pre-training, mix checkpoints and the model card. */
    SEGMENT(Task.SEGMENT, "segment {classes}"),
    /** The same without naming a class. */
    SEGMENT_ALL_CLASSES(Task.SEGMENT, "segment all classes"),
    /** The RefCOCO transfer: the sentence alone, one a row. */
    EXPRESSION(Task.SEGMENT, "{classes}"),
    /** Pre-training and transfers. */
    CAPTION(Task.CAPTION, "caption {language}"),
    /** The fine-tuning primer's shortest form. */
    CAPTION_PLAIN(Task.CAPTION, "caption"),
    /** Pre-trained checkpoints only: captions in the raw style of the web. */
    CAP(Task.CAPTION, "cap {language}"),
    /** Pre-trained checkpoints only: longer captions. */
    DESCRIBE(Task.CAPTION, "describe {language}"),
    /** Pre-training and the VQA transfers. */
    ANSWER(Task.VQA, "answer {language} {question}"),
    /** The DocVQA and ChartQA transfers: the question alone. */
    QUESTION_PLAIN(Task.VQA, "{question}"),
    /** Multiple choice: the question's distinct answers in the order of a hash; left out where there is a single one. */
    CHOICE(Task.VQA, "answer {language} {question} choose from: {choices}"),
    /** Pre-training: the question is to be written to its answer. */
    QUESTION(Task.QUESTION, "question {language} {answer}"),
    /** Pre-training: the words of the picture, top to bottom. */
    OCR(Task.OCR, "ocr"),
    /** Pre-training: what is in this box. */
    REGION(Task.REGION, "caption {box}"),
    /** Pre-training counts this way; no prompt of its own. */
    COUNT(
            Task.COUNT,
            "answer en How many {class} are there?",
            "answer de Wie viele {class} sind da?",
            "answer fr Combien y a-t-il de {class} ?",
            "answer es ¿Cuántos {class} hay?"),
    /** Pre-training: yes or no. */
    PRESENCE(
            Task.PRESENCE,
            "answer en Is there {class} in the image?",
            "answer de Ist {class} im Bild?",
            "answer fr Y a-t-il {class} dans l'image ?",
            "answer es ¿Hay {class} en la imagen?"),
    /** Pre-training: all classes of the picture. */
    LISTING(
            Task.LISTING,
            "answer en What objects are in the image?",
            "answer de Welche Objekte sind im Bild?",
            "answer fr Quels objets sont dans l'image ?",
            "answer es ¿Qué objetos hay en la imagen?");

    private final Task task;
    private final List<String> texts;

    PromptForm(Task task, String... texts) {
        this.task = task;
        this.texts = List.of(texts);
    }

    /** The form of a task by its name in lower case with dashes. */
    public static Optional<PromptForm> of(Task task, String name) {
        return Arrays.stream(values())
                .filter(form -> form.task == task && form.key().equals(name))
                .findFirst();
    }

    /** Names of the forms of a task. */
    public static List<String> names(Task task) {
        return Arrays.stream(values())
                .filter(form -> form.task == task)
                .map(PromptForm::key)
                .toList();
    }

    private String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The template in a language; empty where the wording is ours and not there in it. */
    public Optional<String> text(String language) {
        return texts.size() == 1
                ? Optional.of(texts.get(0))
                : texts.stream()
                        .filter(text -> text.startsWith("answer " + language + " "))
                        .findFirst();
    }
}
