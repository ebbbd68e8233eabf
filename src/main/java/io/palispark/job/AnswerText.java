package io.palispark.job;

import io.palispark.evaluation.LabelMatching;
import io.palispark.job.Prediction.AnswerDefect;
import io.palispark.job.Prediction.ModelText;
import io.palispark.paligemma.PaliGemmaTokenizer;
import io.palispark.token.LocationBins;
import io.palispark.token.ParsedSuffix;
import io.palispark.token.PromptClasses;
import io.palispark.token.SuffixDefect;
import io.palispark.token.SuffixDefectCode;
import io.palispark.token.SuffixObject;
import io.palispark.token.SuffixParser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The objects that a text leaves after the guardrails, before anything is placed on a picture. Each object that a rule
 * takes away is one defect.
 *
 * @param candidates in the order of the text
 */
record AnswerText(List<Candidate> candidates, List<AnswerDefect> defects) {

    /**
     * An object with its mapped label.
     *
     * @param at index of its first token in the text
     */
    record Candidate(SuffixObject object, int at, ObjectScoring scoring) {}

    /**
     * Reads a text. One that neither answers a detection or segmentation prompt nor holds a location, such as a caption,
     * has no objects and no defects.
     *
     * @param matching of labels to class names; empty where any label may stand
     */
    static AnswerText read(
            ModelText text,
            Optional<PromptClasses> prompt,
            AnswerRules rules,
            Optional<LabelMatching> matching,
            Optional<PaliGemmaTokenizer> tokenizer) {
        if (prompt.isEmpty() && !text.text().contains("<loc")) {
            return new AnswerText(List.of(), List.of());
        }
        return new Guard(text, prompt, rules, matching, tokenizer).read();
    }

    /** The work on one text. */
    private static final class Guard {

        private final AnswerRules rules;
        private final Optional<LabelMatching> matching;
        private final ParsedSuffix parsed;
        private final Optional<TokenPlaces> tokens;
        private final Set<String> asked;
        private final Set<SuffixObject> seen = new HashSet<>();
        private final List<AnswerDefect> defects = new ArrayList<>();

        Guard(
                ModelText text,
                Optional<PromptClasses> prompt,
                AnswerRules rules,
                Optional<LabelMatching> matching,
                Optional<PaliGemmaTokenizer> tokenizer) {
            this.rules = rules;
            this.matching = matching;
            this.parsed =
                    SuffixParser.parse(text.text(), prompt, rules.convention().order());
            this.asked = prompt.map(asked -> Set.copyOf(new HashSet<>(asked.classes())))
                    .orElse(Set.of());
            this.tokens = text.logProbabilities().isEmpty()
                    ? Optional.empty()
                    : tokenizer.flatMap(known -> TokenPlaces.of(text, known));
            if (!text.logProbabilities().isEmpty() && tokenizer.isPresent() && tokens.isEmpty()) {
                defects.add(new AnswerDefect("tokens-mismatch", -1, "the token ids do not spell the text"));
            }
        }

        AnswerText read() {
            for (SuffixDefect defect : parsed.defects()) {
                // labels are judged below, once they are mapped
                if (defect.code() != SuffixDefectCode.LABEL_UNASKED) {
                    defects.add(new AnswerDefect(defect.code().code(), defect.at(), defect.detail()));
                }
            }
            List<Candidate> candidates = new ArrayList<>();
            for (int i = 0; i < parsed.objects().size(); i++) {
                SuffixObject written = parsed.objects().get(i);
                ParsedSuffix.Place place = parsed.places().get(i);
                // the parser has counted repeats, so taking them out needs no defect of its own
                if (seen.add(written)) {
                    kept(written, place)
                            .ifPresent(object -> candidates.add(new Candidate(
                                    object, place.box(), ObjectScoring.of(written, place, tokens, rules.score()))));
                }
            }
            return new AnswerText(candidates, defects);
        }

        private Optional<SuffixObject> kept(SuffixObject written, ParsedSuffix.Place place) {
            String label = mapped(written.label(), place.label());
            boolean unasked = !label.isEmpty() && !asked.isEmpty() && !asked.contains(label);
            if (unasked) {
                defects.add(new AnswerDefect(SuffixDefectCode.LABEL_UNASKED.code(), place.label(), label));
            }
            if (unasked && rules.unasked() == AnswerRules.Unasked.DROP) {
                return Optional.empty();
            }
            return corners(written.box()).map(box -> new SuffixObject(box, written.codes(), label));
        }

        private String mapped(String label, int at) {
            if (label.isEmpty() || matching.isEmpty()) {
                return label;
            }
            LabelMatching.Verdict verdict = matching.get().match(label);
            if (verdict instanceof LabelMatching.Known known && !known.name().equals(label)) {
                defects.add(new AnswerDefect("label-mapped", at, label + " -> " + known.name()));
                return known.name();
            }
            if (verdict instanceof LabelMatching.Ambiguous ambiguous) {
                defects.add(new AnswerDefect("label-ambiguous", at, label + " -> " + ambiguous.names()));
            }
            return label;
        }

        private Optional<LocationBins> corners(LocationBins box) {
            if (!box.isEmpty() || rules.corners() == AnswerRules.Corners.KEEP) {
                return Optional.of(box);
            }
            LocationBins ordered = new LocationBins(
                    Math.min(box.y1(), box.y2()),
                    Math.min(box.x1(), box.x2()),
                    Math.max(box.y1(), box.y2()),
                    Math.max(box.x1(), box.x2()));
            return rules.corners() == AnswerRules.Corners.REORDER && !ordered.isEmpty()
                    ? Optional.of(ordered)
                    : Optional.empty();
        }
    }
}
