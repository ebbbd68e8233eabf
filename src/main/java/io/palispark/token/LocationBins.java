package io.palispark.token;

import java.io.Serializable;

/**
 * The four location bins of a box, each 0 to 1023. A {@link BoxForm} makes tokens of them. The corners are as written: a model may
 * give them reversed or equal, see {@link #isEmpty()}.
 *
 * @param y1 bin of the top edge
 * @param x1 bin of the left edge
 * @param y2 bin of the bottom edge
 * @param x2 bin of the right edge
 */
public record LocationBins(int y1, int x1, int y2, int x2) implements Serializable {

    public LocationBins {
        TokenVocabulary.inRange(y1, TokenVocabulary.LOCATIONS, "location bin");
        TokenVocabulary.inRange(x1, TokenVocabulary.LOCATIONS, "location bin");
        TokenVocabulary.inRange(y2, TokenVocabulary.LOCATIONS, "location bin");
        TokenVocabulary.inRange(x2, TokenVocabulary.LOCATIONS, "location bin");
    }

    /** True when an edge is not beyond its opposite: equal or reversed, invalid for big_vision's evaluator. */
    public boolean isEmpty() {
        return y2 <= y1 || x2 <= x1;
    }

    /** The four tokens in PaliGemma's own form, {@code <loc0123><loc0040><loc0500><loc0999>}. */
    public String text() {
        return BoxForm.YXYX.text(this);
    }
}
