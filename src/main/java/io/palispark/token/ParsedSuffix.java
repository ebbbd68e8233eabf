package io.palispark.token;

import java.util.List;

/**
 * A suffix as read. Every location and segmentation token of the text is in one of {@code objects} or counted by one of
 * {@code defects}.
 *
 * @param objects in the order of the text
 * @param defects in the order of their position
 */
public record ParsedSuffix(List<SuffixObject> objects, List<SuffixDefect> defects) {

    public ParsedSuffix {
        objects = List.copyOf(objects);
        defects = List.copyOf(defects);
    }

    /** Location and segmentation tokens of the text, well spelled or not. */
    public int tokens() {
        int tokens = 0;
        for (SuffixObject object : objects) {
            tokens += SuffixParser.LOCATIONS + (object.codes().isPresent() ? SegmentationCodes.COUNT : 0);
        }
        for (SuffixDefect defect : defects) {
            tokens += defect.tokens();
        }
        return tokens;
    }
}
