package io.palispark.token;

/**
 * What the four location tokens of a box say, and in which order. All forms come from the bins of the corners: the same
 * box in another form is the same box again, nothing is rounded twice. A width is the far bin less the near one, a centre
 * the whole bin at or before the middle.
 */
public enum BoxForm implements Convention.Rule {
    /** Top, left, bottom, right: PaliGemma's own. */
    YXYX,
    /** Left, top, right, bottom. */
    XYXY,
    /** Left, top, width, height. */
    XYWH,
    /** Centre across, centre down, width, height. */
    CXCYWH;

    /** The four tokens of a box without blanks, in this form's order. Corners must not be reversed. */
    public String text(LocationBins box) {
        StringBuilder text = new StringBuilder(36);
        for (int value : values(box)) {
            text.append(TokenVocabulary.location(value));
        }
        return text.toString();
    }

    private int[] values(LocationBins box) {
        int width = box.x2() - box.x1();
        int height = box.y2() - box.y1();
        return switch (this) {
            case YXYX -> new int[] {box.y1(), box.x1(), box.y2(), box.x2()};
            case XYXY -> new int[] {box.x1(), box.y1(), box.x2(), box.y2()};
            case XYWH -> new int[] {box.x1(), box.y1(), width, height};
            case CXCYWH -> new int[] {(box.x1() + box.x2()) / 2, (box.y1() + box.y2()) / 2, width, height};
        };
    }

    /**
     * The corners that four values in this form's order give.
     *
     * @param values each 0 to 1023
     * @return corners that a width or a centre puts beyond the image are at its edge, and {@code beyond} says so
     */
    Corners corners(int... values) {
        int left = values[0] - values[2] / 2;
        int top = values[1] - values[3] / 2;
        return switch (this) {
            case YXYX -> Corners.of(values[0], values[1], values[2], values[3]);
            case XYXY -> Corners.of(values[1], values[0], values[3], values[2]);
            case XYWH -> Corners.of(values[1], values[0], values[1] + values[3], values[0] + values[2]);
            case CXCYWH -> Corners.of(top, left, top + values[3], left + values[2]);
        };
    }

    /** @param beyond whether an edge had to be moved to that of the image */
    record Corners(LocationBins bins, boolean beyond) {

        private static Corners of(int y1, int x1, int y2, int x2) {
            LocationBins bins = new LocationBins(inside(y1), inside(x1), inside(y2), inside(x2));
            boolean beyond = bins.y1() != y1 || bins.x1() != x1 || bins.y2() != y2 || bins.x2() != x2;
            return new Corners(bins, beyond);
        }

        private static int inside(int bin) {
            return Math.max(0, Math.min(TokenVocabulary.LOCATIONS - 1, bin));
        }
    }
}
