package io.palispark.vqvae;

import io.palispark.geometry.RunLengthMask;
import io.palispark.token.BoxQuantizer;
import io.palispark.token.LocationBins;
import io.palispark.token.SegmentationCodes;
import io.palispark.token.TokenVocabulary;
import java.util.ArrayList;
import java.util.List;

/**
 * Analysis by synthesis: starts at the encoder's codes and the box's bins and changes one cell or one edge at a time for
 * as long as the decoded and pasted mask meets the original better. Same tokens, same vocabulary, less loss; the outcome
 * is never worse than its start, and depends on nothing but the object. Safe for concurrent use.
 */
public final class CodeRefiner {

    private final MaskDecoder decoder;
    private final BoxQuantizer quantizer;
    private final RefinementEffort effort;

    /** @param quantizer whose paste rule the masks will be read by */
    public CodeRefiner(MaskCodec codec, BoxQuantizer quantizer, RefinementEffort effort) {
        this.decoder = codec.decoder();
        this.quantizer = quantizer;
        this.effort = effort;
    }

    /**
     * Bins and codes of one object.
     *
     * @param bins the box's, moved by at most the effort's steps
     * @param codes the mask's
     * @param iou of the decoded and pasted mask with the original
     * @param decodes masks decoded to find them, the cost
     */
    public record Refinement(LocationBins bins, SegmentationCodes codes, double iou, int decodes) {}

    /**
     * Refines one object.
     *
     * @param original the mask on its image, not empty
     * @param bins of its box
     * @param encoding of its soft mask
     */
    public Refinement refine(RunLengthMask original, LocationBins bins, MaskEncoder.Encoding encoding) {
        Search search = new Search(original, bins, encoding);
        double startIou = search.exactIou();
        search.moveEdges();
        boolean changed = true;
        for (int sweep = 0; sweep < effort.sweeps() && changed; sweep++) {
            changed = search.changeCells();
            changed |= search.moveEdges();
        }
        double iou = search.exactIou();
        return iou > startIou
                ? new Refinement(search.bins, SegmentationCodes.of(search.codes), iou, search.decodes)
                : new Refinement(bins, encoding.codes(), startIou, search.decodes);
    }

    /** Where one object's search stands. */
    private final class Search {

        private final PasteObjective objective;
        private final MaskEncoder.Encoding encoding;
        private final LocationBins start;
        private final int[] codes;
        private LocationBins bins;
        private float[] decoded;
        private double best;
        private int decodes = 1;

        Search(RunLengthMask original, LocationBins bins, MaskEncoder.Encoding encoding) {
            this.objective = new PasteObjective(original, quantizer);
            this.encoding = encoding;
            this.start = bins;
            this.bins = bins;
            this.codes = encoding.codes().toArray();
            this.decoded = decoder.decode(List.of(encoding.codes())).get(0);
            this.best = objective.iou(decoded, bins);
        }

        double exactIou() {
            return objective.exactIou(decoded, bins);
        }

        /** One pass over the grid; whether any code changed. */
        boolean changeCells() {
            boolean changed = false;
            for (int cell = 0; cell < codes.length; cell++) {
                changed |= changeCell(cell);
            }
            return changed;
        }

        private boolean changeCell(int cell) {
            List<SegmentationCodes> candidates = new ArrayList<>();
            for (int code : encoding.nearest(cell, effort.candidates())) {
                if (code != codes[cell]) {
                    int[] changed = codes.clone();
                    changed[cell] = code;
                    candidates.add(SegmentationCodes.of(changed));
                }
            }
            List<float[]> masks = decoder.decode(candidates);
            decodes += candidates.size();
            boolean changed = false;
            for (int i = 0; i < masks.size(); i++) {
                double iou = objective.iou(masks.get(i), bins);
                if (iou > best) {
                    best = iou;
                    decoded = masks.get(i);
                    codes[cell] = candidates.get(i).code(cell);
                    changed = true;
                }
            }
            return changed;
        }

        /** One pass over the four edges, each both ways; whether any moved. */
        boolean moveEdges() {
            LocationBins before = bins;
            for (int edge = 0; edge < 4; edge++) {
                for (int step = -effort.boxSteps(); step <= effort.boxSteps(); step++) {
                    LocationBins moved = moved(edge, step);
                    double iou = moved.isEmpty() ? 0 : objective.iou(decoded, moved);
                    if (iou > best) {
                        best = iou;
                        bins = moved;
                    }
                }
            }
            return !bins.equals(before);
        }

        /** The present bins with one edge put {@code step} bins from its start, within the vocabulary. */
        private LocationBins moved(int edge, int step) {
            return switch (edge) {
                case 0 -> new LocationBins(bin(start.y1() + step), bins.x1(), bins.y2(), bins.x2());
                case 1 -> new LocationBins(bins.y1(), bin(start.x1() + step), bins.y2(), bins.x2());
                case 2 -> new LocationBins(bins.y1(), bins.x1(), bin(start.y2() + step), bins.x2());
                case 3 -> new LocationBins(bins.y1(), bins.x1(), bins.y2(), bin(start.x2() + step));
                default -> throw new IllegalArgumentException("Cannot move edge " + edge + ": a box has four");
            };
        }

        private static int bin(int value) {
            return Math.max(0, Math.min(TokenVocabulary.LOCATIONS - 1, value));
        }
    }
}
