package io.palispark.dataset;

import io.palispark.token.LocationBins;
import io.palispark.token.SuffixObject;
import io.palispark.token.TokenVocabulary;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Boxes of nothing behind the real ones of a detect row, as Pix2Seq and the detection transfer of PaliGemma 2 have them:
 * the model learns to call them noise instead of ending early. Every second one is a real box that was moved, the others
 * lie anywhere. Drawn by hash: the same row always gets the same boxes. A trainer leaves their location tokens out of the
 * loss and takes the label's.
 *
 * @param objects how many objects a row is filled up to, noise included; 0 for none
 * @param label what noise is called
 * @param seed changes all boxes
 */
public record NoiseBoxes(int objects, String label, long seed) implements Serializable {

    /** No noise. */
    public static final NoiseBoxes NONE = new NoiseBoxes(0, "noise", 0);

    private static final int LAST = TokenVocabulary.LOCATIONS - 1;

    /** How far a real box is moved at most, in shares of its sides. */
    private static final double SHIFT = 0.5;

    /**
     * The noise of a row, in order.
     *
     * @param prefix of the row, which tells rows of a picture apart
     */
    List<SuffixObject> behind(String image, String prefix, List<SuffixObject> real) {
        List<SuffixObject> noise = new ArrayList<>();
        for (int number = 0; real.size() + number < objects; number++) {
            Draw draw = new Draw(seed, image, prefix, number);
            LocationBins box = number % 2 == 1 && !real.isEmpty()
                    ? moved(real.get((int) (draw.share("which") * real.size())).box(), draw)
                    : anywhere(draw);
            noise.add(new SuffixObject(box, Optional.empty(), label));
        }
        return noise;
    }

    private static LocationBins anywhere(Draw draw) {
        int height = 1 + (int) (draw.share("height") * LAST);
        int width = 1 + (int) (draw.share("width") * LAST);
        int top = (int) (draw.share("top") * (LAST - height + 1));
        int left = (int) (draw.share("left") * (LAST - width + 1));
        return new LocationBins(top, left, top + height, left + width);
    }

    private static LocationBins moved(LocationBins box, Draw draw) {
        int down = step(box.y1(), box.y2(), draw.share("top"));
        int across = step(box.x1(), box.x2(), draw.share("left"));
        return new LocationBins(box.y1() + down, box.x1() + across, box.y2() + down, box.x2() + across);
    }

    /** A step that keeps both edges inside the image. */
    private static int step(int near, int far, double share) {
        int step = (int) Math.rint((2 * share - 1) * SHIFT * (far - near));
        return Math.max(-near, Math.min(LAST - far, step));
    }

    /** Numbers in [0, 1) of one box. */
    private record Draw(long seed, String image, String prefix, int number) {

        double share(String what) {
            return StableHash.unit("noise", Long.toString(seed), image, prefix, Integer.toString(number), what);
        }
    }
}
