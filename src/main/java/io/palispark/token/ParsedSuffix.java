package io.palispark.token;

import java.util.List;

/**
 * A suffix as read. Every location and segmentation token of the text is in one of {@code objects} or counted by one of
 * {@code defects}.
 *
 * @param objects in the order of the text
 * @param places where each of the objects stands in the text
 * @param defects in the order of their position
 */
public record ParsedSuffix(List<SuffixObject> objects, List<Place> places, List<SuffixDefect> defects) {

    /**
     * Where the parts of an object start: indexes of UTF-16 code units in the text, 0-based; -1 for a part it lacks.
     *
     * @param box of its first location token
     * @param codes of its first segmentation token
     * @param label of the first character of its label
     */
    public record Place(int box, int codes, int label) {}

    public ParsedSuffix {
        objects = List.copyOf(objects);
        places = List.copyOf(places);
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
