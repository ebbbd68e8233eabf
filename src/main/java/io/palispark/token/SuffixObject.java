package io.palispark.token;

import java.util.Optional;

/**
 * One object of a suffix.
 *
 * @param box its location bins
 * @param codes its mask; empty in detection
 * @param label its class, stripped; empty where the suffix has none, as in RefCOCO training rows
 */
public record SuffixObject(LocationBins box, Optional<SegmentationCodes> codes, String label) {}
