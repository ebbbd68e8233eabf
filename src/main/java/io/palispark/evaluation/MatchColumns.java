package io.palispark.evaluation;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The matches of many detections, a column a number, as they go between processes. All columns have the same length. */
public record MatchColumns(double[] scores, long[] images, int[] ranks, long[] matched, long[] ignored)
        implements Serializable {

    public static MatchColumns of(List<DetectionMatch> matches) {
        return new MatchColumns(
                matches.stream().mapToDouble(DetectionMatch::score).toArray(),
                matches.stream().mapToLong(DetectionMatch::image).toArray(),
                matches.stream().mapToInt(DetectionMatch::rank).toArray(),
                matches.stream().mapToLong(DetectionMatch::matched).toArray(),
                matches.stream().mapToLong(DetectionMatch::ignored).toArray());
    }

    /** The matches in the order of the columns. */
    public Stream<DetectionMatch> matches() {
        return IntStream.range(0, scores.length)
                .mapToObj(place ->
                        new DetectionMatch(scores[place], images[place], ranks[place], matched[place], ignored[place]));
    }
}
