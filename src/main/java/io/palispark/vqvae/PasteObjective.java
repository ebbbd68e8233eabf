package io.palispark.vqvae;

import io.palispark.geometry.PixelBox;
import io.palispark.geometry.RunLengthMask;
import io.palispark.token.BoxQuantizer;
import io.palispark.token.LocationBins;
import io.palispark.vqvae.BilinearResize.Sampling;
import java.util.HashMap;
import java.util.Map;

/**
 * How well a decoded mask, pasted at the box of some bins, meets the original. Looks at a regular sample of the box's
 * pixels where it is large: exact up to {@value #SAMPLES} pixels a side, an estimate beyond. Not safe for concurrent use.
 */
final class PasteObjective {

    /** Rows and columns looked at: bounds the work on large objects. */
    static final int SAMPLES = 128;

    private final RunLengthMask original;
    private final BoxQuantizer quantizer;
    private final long area;
    private final Map<PixelBox, Frame> frames = new HashMap<>();

    PasteObjective(RunLengthMask original, BoxQuantizer quantizer) {
        this.original = original;
        this.quantizer = quantizer;
        this.area = original.area();
    }

    /** The IoU, exact or estimated; 0 for a box that collapses. */
    double iou(float[] decoded, LocationBins bins) {
        PixelBox box = quantizer.pasteBox(bins, original.size());
        return box.isEmpty() ? 0 : frames.computeIfAbsent(box, Frame::new).iou(decoded);
    }

    /** The IoU of the whole pasted mask. */
    double exactIou(float[] decoded, LocationBins bins) {
        PixelBox box = quantizer.pasteBox(bins, original.size());
        return MaskPaster.paste(decoded, box, original.size()).iou(original);
    }

    /** The sampled original inside one box, and the resize that meets it. */
    private final class Frame {

        private final byte[] truth;
        private final int width;
        private final double pixelsPerSample;
        private final BilinearResize resize;
        private long pasted;
        private long common;

        Frame(PixelBox box) {
            Sampling rows = Sampling.atMost(SAMPLES, box.height());
            Sampling columns = Sampling.atMost(SAMPLES, box.width());
            byte[] all = original.bitmap(box);
            width = columns.count();
            truth = new byte[rows.count() * width];
            for (int y = 0; y < rows.count(); y++) {
                for (int x = 0; x < width; x++) {
                    truth[y * width + x] = all[rows.place(y) * box.width() + columns.place(x)];
                }
            }
            pixelsPerSample = (double) all.length / truth.length;
            resize = new BilinearResize(MaskCodecWeights.SIDE, rows, columns);
        }

        double iou(float[] decoded) {
            pasted = 0;
            common = 0;
            resize.resize(decoded, this::count);
            return common * pixelsPerSample / (area + (pasted - common) * pixelsPerSample);
        }

        private void count(int row, float[] values) {
            int at = row * width;
            for (int x = 0; x < values.length; x++) {
                int foreground = values[x] > 0 ? 1 : 0;
                pasted += foreground;
                common += foreground & truth[at + x];
            }
        }
    }
}
