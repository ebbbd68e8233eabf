package io.palispark.job;

import io.palispark.job.Prediction.ObjectScores;
import io.palispark.token.ParsedSuffix;
import io.palispark.token.SegmentationCodes;
import io.palispark.token.SuffixObject;
import java.util.Optional;
import java.util.OptionalDouble;

/** The score of an object by one rule, and what it was made of. */
record ObjectScoring(double score, ObjectScores scores) {

    private static final ObjectScoring CERTAIN = new ObjectScoring(1, ObjectScores.UNKNOWN);

    /** @param tokens empty where the text came without probabilities */
    static ObjectScoring of(
            SuffixObject object, ParsedSuffix.Place place, Optional<TokenPlaces> tokens, AnswerRules.Score rule) {
        if (tokens.isEmpty()) {
            return CERTAIN;
        }
        TokenPlaces places = tokens.get();
        int locations = object.box().text().length();
        TokenPlaces.Sum box = places.sum(place.box(), place.box() + locations);
        TokenPlaces.Sum label = place.label() < 0 ? TokenPlaces.Sum.NONE : places.sum(place.label(), place.label() + 1);
        TokenPlaces.Sum mask = object.codes()
                .map(SegmentationCodes::text)
                .map(codes -> places.sum(place.codes(), place.codes() + codes.length()))
                .orElse(TokenPlaces.Sum.NONE);
        OptionalDouble score = switch (rule) {
            case LABEL -> label.tokens() == 0 ? box.mean() : label.mean();
            case BOX_LABEL -> box.plus(label).mean();
            case ALL -> box.plus(label).plus(mask).mean();
            case CONSTANT -> OptionalDouble.of(1);
        };
        return new ObjectScoring(score.orElse(1), new ObjectScores(label.mean(), box.mean(), mask.mean()));
    }
}
