package io.palispark.evaluation;

import java.util.List;

/**
 * The accuracy of VQA v2 for one question: an answer is right to a third for each human who gave it, averaged over
 * leaving each human out. Answers are normalised only where the humans disagree.
 */
public final class VqaAccuracy {

    private static final double ENOUGH = 3;

    private final VqaNormalizer normalizer;

    public VqaAccuracy(VqaRules rules) {
        this.normalizer = new VqaNormalizer(rules);
    }

    /**
     * The accuracy, 0 to 1.
     *
     * @param humans the answers of all annotators, ten in VQA v2, at least one
     */
    public double of(String prediction, List<String> humans) {
        if (humans.isEmpty()) {
            throw new IllegalArgumentException("Cannot score '" + prediction + "': the question has no human answer");
        }
        List<String> answers = humans.stream().map(VqaNormalizer::stripped).toList();
        String answer = VqaNormalizer.stripped(prediction);
        if (answers.stream().distinct().count() > 1) {
            answer = normalizer.normalized(answer);
            answers = answers.stream().map(normalizer::normalized).toList();
        }
        long matches = answers.stream().filter(answer::equals).count();
        double sum = 0;
        for (String leftOut : answers) {
            long others = leftOut.equals(answer) ? matches - 1 : matches;
            sum += Math.min(1, others / ENOUGH);
        }
        return sum / answers.size();
    }
}
