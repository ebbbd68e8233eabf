package io.palispark.annotation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The colours of VOC's palette: the bits of an index spread over red, green and blue. */
final class VocColours {

    private static final Map<Integer, Integer> INDICES = indices();

    private VocColours() {}

    private static Map<Integer, Integer> indices() {
        Map<Integer, Integer> indices = new HashMap<>();
        for (int index = 0; index < 256; index++) {
            indices.put(colour(index), index);
        }
        return indices;
    }

    /** 0xRRGGBB of an index. */
    static int colour(int index) {
        int colour = 0;
        for (int bit = 0; bit < 8; bit++) {
            for (int channel = 0; channel < 3; channel++) {
                int place = 3 * bit + channel;
                int set = place < 8 ? index >> place & 1 : 0;
                colour |= set << 7 - bit + 8 * (2 - channel);
            }
        }
        return colour;
    }

    static Optional<Integer> index(int colour) {
        return Optional.ofNullable(INDICES.get(colour));
    }

    /** The indices behind a picture of colours. */
    static LabelPicture indices(LabelPicture colours) throws DocumentException {
        for (int colour : colours.counts(INDICES.size()).keySet()) {
            if (!INDICES.containsKey(colour)) {
                throw new DocumentException(
                        ReasonCode.MASK_COLOUR_UNKNOWN,
                        String.format("colour #%06x is not in the palette of VOC", colour));
            }
        }
        return colours.mapped(INDICES::get);
    }
}
