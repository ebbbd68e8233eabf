package io.palispark.job;

import io.palispark.evaluation.ReferringMatch;
import io.palispark.evaluation.ReferringScore;
import io.palispark.geometry.RunLengthMask;
import io.palispark.job.EvaluationItem.Answered;
import io.palispark.token.BoxQuantizer;
import io.palispark.token.Convention;
import io.palispark.token.LocationBins;
import io.palispark.token.NormalizedBox;
import io.palispark.token.ParsedSuffix;
import io.palispark.token.PromptClasses;
import io.palispark.token.SuffixParser;
import java.util.List;
import java.util.Optional;

/** Segment prompts of one class on an image that has one object of it: a referring expression without ambiguity. */
final class ReferringPrompts {

    private ReferringPrompts() {}

    static ReferringScore score(List<Answered> answers, List<EvaluationItem.Truth> truths, Convention convention) {
        ReferringScore score = ReferringScore.NONE;
        for (Answered answer : answers) {
            Optional<PromptClasses> prompt = PromptClasses.parse(answer.prefix());
            if (prompt.isEmpty()
                    || prompt.get().task() != PromptClasses.Task.SEGMENT
                    || prompt.get().classes().size() != 1) {
                continue;
            }
            String label = prompt.get().classes().get(0);
            List<EvaluationItem.Truth> meant =
                    truths.stream().filter(truth -> truth.label().equals(label)).toList();
            if (meant.size() == 1 && !meant.get(0).crowd() && meant.get(0).mask() != null) {
                score = score.plus(match(answer, meant.get(0), convention));
            }
        }
        return score;
    }

    /** The first object counts, and only where the text begins with its four locations and sixteen codes. */
    private static ReferringMatch match(Answered answer, EvaluationItem.Truth truth, Convention convention) {
        BoxQuantizer quantizer = new BoxQuantizer(convention);
        ParsedSuffix parsed = SuffixParser.parse(answer.text(), Optional.empty(), convention.order());
        boolean begins = !parsed.places().isEmpty()
                && parsed.places().get(0).box() == 0
                && parsed.objects().get(0).codes().isPresent();
        if (!begins || parsed.objects().get(0).box().isEmpty()) {
            return ReferringMatch.invalid(truth.mask());
        }
        LocationBins bins = parsed.objects().get(0).box();
        RunLengthMask mask = truth.mask();
        NormalizedBox box = NormalizedBox.of(truth.box(), mask.size());
        if (quantizer.pasteBox(bins, mask.size()).isEmpty()
                || answer.objects().isEmpty()
                || answer.objects().get(0).mask() == null) {
            return ReferringMatch.collapsed(bins, box, mask);
        }
        return ReferringMatch.of(bins, answer.objects().get(0).mask(), box, mask);
    }
}
