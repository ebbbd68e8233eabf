package io.palispark.annotation;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One object of a suffix: four location tokens (y1, x1, y2, x2), perhaps 16 codes of a mask, and a class. Repairs what
 * other tools get wrong: corners the wrong way round, {@code <loc1024>}, a class left out where only one was asked for.
 * The codes need the mask codec and are left out here: the object is kept as a box.
 */
final class PaliGemmaObject {

    private static final Pattern OBJECT =
            Pattern.compile("^\\s*((?:<loc\\d+>\\s*)*)((?:<seg\\d+>\\s*)*)(.*)$", Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("<loc(\\d{1,9})>");
    private static final int MOST = 1023;

    private final int scale;
    private final List<String> classes;

    /** @param classes what the prefix asks for */
    PaliGemmaObject(int scale, List<String> classes) {
        this.scale = scale;
        this.classes = classes;
    }

    void read(String text, ObjectDraft draft) {
        draft.measure(Measure.SHARES);
        Matcher parts = OBJECT.matcher(text);
        if (!parts.matches()) {
            draft.reject(ReasonCode.SYNTAX_INVALID, Defect.quote(text));
            return;
        }
        readLabel(TextLine.trim(parts.group(3)), draft);
        int[] bins = NUMBER.matcher(parts.group(1))
                .results()
                .mapToInt(bin -> Integer.parseInt(bin.group(1)))
                .toArray();
        if (bins.length != 4) {
            draft.reject(ReasonCode.BOX_FIELD_COUNT, bins.length + " location tokens");
            return;
        }
        readBox(bins, draft);
        if (!parts.group(2).isBlank()) {
            draft.repair(ReasonCode.MASK_MISSING, "mask codes are not decoded here: kept as a box");
        }
    }

    private void readLabel(String stated, ObjectDraft draft) {
        if (stated.isEmpty() && classes.size() == 1) {
            draft.repair(ReasonCode.CATEGORY_MISSING, "no class: taken as the only one asked for");
            draft.label(classes.get(0));
            return;
        }
        draft.label(stated);
        if (!stated.isEmpty() && !classes.isEmpty() && !classes.contains(stated)) {
            draft.warn(ReasonCode.CATEGORY_UNDECLARED, Defect.quote(stated) + " is not asked for");
        }
    }

    private void readBox(int[] bins, ObjectDraft draft) {
        for (int i = 0; i < bins.length; i++) {
            if (bins[i] == MOST + 1) {
                draft.repair(ReasonCode.BOX_CLIPPED, "<loc1024> is taken as the last bin");
                bins[i] = MOST;
            } else if (bins[i] > MOST) {
                draft.reject(ReasonCode.NUMBER_INVALID, "<loc" + bins[i] + "> is no location token");
                return;
            }
        }
        if (bins[2] < bins[0] || bins[3] < bins[1]) {
            draft.repair(ReasonCode.BOX_INVERTED, "the far corner comes first: put in order");
        }
        double top = (double) Math.min(bins[0], bins[2]) / scale;
        double left = (double) Math.min(bins[1], bins[3]) / scale;
        double bottom = (double) Math.max(bins[0], bins[2]) / scale;
        double right = (double) Math.max(bins[1], bins[3]) / scale;
        draft.corners(left, top, right, bottom);
    }
}
