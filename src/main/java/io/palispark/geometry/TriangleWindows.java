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

    /** The first output, from a given one on, whose window ends after the source; {@link #OUTPUTS} if there is none. */
    int outputReaching(int source, int from) {
        int output = from;
        while (output < OUTPUTS && end[output] <= source) {
            output++;
        }
        return output;
    }
}
