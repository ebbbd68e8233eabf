package io.palispark.dataset;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which rows are made of a picture and how their prompts read.
 *
 * @param tasks in the order in which rows are written
 * @param templates the prompt of each task
 * @param classesPerRow most classes in one prompt; {@link #ALL_CLASSES} for a single row per picture
 * @param classes which classes a prompt names beside the negatives
 * @param vocabulary every class of the dataset, sorted; may stay empty when neither negatives nor all classes are asked
 * @param negatives classes per row that are asked for and not there
 * @param negativeRows rows per picture and object task that ask for a class that is not there and have an empty suffix
 * @param noise boxes of nothing behind the objects of detect rows
 * @param emptyImages what becomes of a picture without objects
 * @param captions which captions of a picture are used
 * @param answers which answers of a question are used
 * @param seed decides which negatives are drawn
 */
public record PromptPlan(
        List<Task> tasks,
        Templates templates,
        int classesPerRow,
        Classes classes,
        List<String> vocabulary,
        int negatives,
        int negativeRows,
        NoiseBoxes noise,
        EmptyImages emptyImages,
        Captions captions,
        Answers answers,
        long seed)
        implements Serializable {

    /** One row per picture, however many classes it has. */
    public static final int ALL_CLASSES = Integer.MAX_VALUE;

    public PromptPlan {
        tasks = List.copyOf(tasks);
        vocabulary = List.copyOf(vocabulary);
        if (classesPerRow < 1) {
            throw new IllegalArgumentException(
                    "Cannot ask for " + classesPerRow + " classes a row: at least 1 is needed");
        }
    }

    /** This plan for other tasks. */
    public PromptPlan withTasks(List<Task> others) {
        return new PromptPlan(
                others,
                templates,
                classesPerRow,
                classes,
                vocabulary,
                negatives,
                negativeRows,
                noise,
                emptyImages,
                captions,
                answers,
                seed);
    }

    /** This plan with the classes of the dataset, once they are known. */
    public PromptPlan withVocabulary(List<String> sortedLabels) {
        return new PromptPlan(
                tasks,
                templates,
                classesPerRow,
                classes,
                sortedLabels,
                negatives,
                negativeRows,
                noise,
                emptyImages,
                captions,
                answers,
                seed);
    }

    /** True when prompts name classes that may not be on the picture. */
    public boolean needsVocabulary() {
        return negatives > 0 || negativeRows > 0 || classes == Classes.ALL;
    }

    /** The classes named by a prompt. */
    public enum Classes {
        /** Those on the picture. */
        PRESENT,
        /** Every class of the dataset. */
        ALL
    }

    /** What becomes of a picture without objects. */
    public enum EmptyImages {
        /** Rejected. */
        REJECT,
        /** A row that asks for negatives or all classes and has an empty suffix. */
        KEEP
    }

    /** The captions used. */
    public enum Captions {
        ALL,
        FIRST
    }

    /** The answers used. */
    public enum Answers {
        /** The dataset's own choice, else the most frequent. */
        CHOSEN,
        /** A row for every distinct answer. */
        EACH
    }

    /**
     * How prompts read.
     *
     * @param texts a template for every task of the plan
     * @param language fills {@code {language}}
     * @param yes answer where a class is there
     * @param no answer where it is not
     */
    public record Templates(Map<Task, PromptTemplate> texts, String language, String yes, String no)
            implements Serializable {

        public Templates {
            texts = Map.copyOf(texts);
        }

        /** The prompt of a task with its open places filled. */
        public String prompt(Task task, Map<String, String> values) {
            Map<String, String> all = new HashMap<>(values);
            all.put("language", language);
            return texts.get(task).fill(all);
        }
    }
}
