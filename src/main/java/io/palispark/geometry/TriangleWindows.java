package io.palispark.geometry;

/**
 * Which source pixels make each of the {@link #OUTPUTS} output pixels along one axis, and with what weights: TensorFlow's
 * antialiased triangle kernel ({@code core/kernels/image/scale_and_translate_op.cc}), in its float arithmetic, bit for
 * bit. Both ends of the windows grow with the output index.
 */
final class TriangleWindows {

    /** Output pixels along an axis. */
    static final int OUTPUTS = 64;
    /** Most source pixels along an axis, up to where float holds every pixel centre's index. */
    static final int MAX_SOURCES = 1 << 24;

    private final int[] first = new int[OUTPUTS];
    private final int[] end = new int[OUTPUTS];
    private final float[] weights;
    private final int stride;
    /** [source]: how many windows begin before it; one entry more than there are sources. */
    private final int[] begunBefore;
    /** [source]: how many windows end at or before it; one entry more than there are sources. */
    private final int[] endedBy;

    TriangleWindows(int sources) {
        float inverse = 1f / ((float) OUTPUTS / sources);
        float wide = Math.max(inverse, 1f);
        int longest = 0;
        for (int output = 0; output < OUTPUTS; output++) {
            float at = (output + 0.5f) * inverse;
            first[output] = Math.max(0, (int) Math.ceil(at - wide - 0.5f));
            end[output] = Math.min(sources - 1, (int) Math.floor(at + wide - 0.5f)) + 1;
            longest = Math.max(longest, end[output] - first[output]);
        }
        stride = longest;
        weights = new float[OUTPUTS * stride];
        for (int output = 0; output < OUTPUTS; output++) {
            weigh(output, (output + 0.5f) * inverse, 1f / wide);
        }
        begunBefore = new int[sources + 1];
        endedBy = new int[sources + 1];
        int begun = 0;
        int ended = 0;
        for (int source = 0; source <= sources; source++) {
            while (begun < OUTPUTS && first[begun] < source) {
                begun++;
            }
            while (ended < OUTPUTS && end[ended] <= source) {
                ended++;
            }
            begunBefore[source] = begun;
            endedBy[source] = ended;
        }
    }

    private void weigh(int output, float at, float inverseWide) {
        int base = output * stride - first[output];
        float sum = 0;
        for (int source = first[output]; source < end[output]; source++) {
            float weight = Math.max(0f, 1f - Math.abs(((source + 0.5f) - at) * inverseWide));
            weights[base + source] = weight;
            sum += weight;
        }
        float scale = 1f / sum;
        for (int source = first[output]; source < end[output]; source++) {
            weights[base + source] *= scale;
        }
    }

    /** The length of the longest window. */
    int longest() {
        return stride;
    }

    /** The first source of an output. */
    int first(int output) {
        return first[output];
    }

    /** The last source of an output, exclusive. */
    int end(int output) {
        return end[output];
    }

    /** The weight of a source inside the output's window. */
    float weight(int output, int source) {
        return weights[output * stride + source - first[output]];
    }

    /** The number of windows that begin before a source, 0 to all sources: the first output whose window does not. */
    int begunBefore(int source) {
        return begunBefore[source];
    }

    /** The number of windows that end at or before a source, 0 to all sources: the first output that it can reach. */
    int endedBy(int source) {
        return endedBy[source];
    }
}
