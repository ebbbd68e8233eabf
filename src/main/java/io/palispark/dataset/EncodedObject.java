package io.palispark.dataset;

import io.palispark.annotation.ReasonCode;
import io.palispark.token.SuffixObject;
import java.util.List;

/**
 * An object ready to be written: its place in a suffix and what ordering and accounting need.
 *
 * @param objectId id in the source
 * @param sequence position in the source's list
 * @param area pixels of the mask, or of the box where there is none
 * @param suffix bins, codes where the object has a usable mask, and label
 * @param warnings repairs and flags it carries
 */
public record EncodedObject(
        String objectId, long sequence, double area, SuffixObject suffix, List<ReasonCode> warnings) {

    public EncodedObject {
        warnings = List.copyOf(warnings);
    }

    public String label() {
        return suffix.label();
    }

    public boolean hasMask() {
        return suffix.codes().isPresent();
    }
}
