package io.palispark.dataset;

import io.palispark.token.Convention;
import io.palispark.token.LocationBins;
import io.palispark.token.SegmentationCodes;
import io.palispark.token.SuffixObject;
import io.palispark.token.SuffixWriter;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * How many objects of a class a suffix has room for. With a name of one token 256 tokens hold 42 boxes or 11 masks: the
 * fine-tuning primer's rule.
 *
 * @param label class name
 * @param boxTokens tokens that one more box of the class takes, separator and name included
 * @param maskTokens the same of a box with its mask
 * @param boxes most boxes that fit, the end token included in the count
 * @param masks most masks that fit
 */
public record ObjectCapacity(String label, int boxTokens, int maskTokens, int boxes, int masks)
        implements Serializable {

    private static final LocationBins ANY_BOX = new LocationBins(0, 0, 1, 1);
    private static final SegmentationCodes ANY_MASK =
            SegmentationCodes.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /**
     * Counts with the tokenizer of the training.
     *
     * @param budget tokens of a suffix with its end token
     */
    public static ObjectCapacity of(String label, TokenCounter counter, Convention convention, int budget) {
        SuffixWriter writer = new SuffixWriter(convention);
        SuffixObject box = new SuffixObject(ANY_BOX, Optional.empty(), label);
        SuffixObject mask = new SuffixObject(ANY_BOX, Optional.of(ANY_MASK), label);
        int firstBox = counter.count(writer.write(box));
        int firstMask = counter.count(writer.write(mask));
        int nextBox = counter.count(writer.write(List.of(box, box))) - firstBox;
        int nextMask = counter.count(writer.write(List.of(mask, mask))) - firstMask;
        return new ObjectCapacity(
                label, nextBox, nextMask, fits(budget, firstBox, nextBox), fits(budget, firstMask, nextMask));
    }

    private static int fits(int budget, int first, int next) {
        int left = budget - 1 - first;
        return left < 0 ? 0 : 1 + left / next;
    }
}
