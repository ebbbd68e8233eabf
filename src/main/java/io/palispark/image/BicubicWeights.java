package io.palispark.image;

/**
 * Integer filter taps of Pillow's antialiased bicubic along one axis: Keys' kernel with a = -0.5, stretched by the
 * reduction, normalised to sum 1 and rounded to 22 fraction bits.
 *
 * @param first first source sample of each target sample
 * @param taps weights of the source samples from there on, per target sample
 */
record BicubicWeights(int[] first, int[][] taps) {

    static final int FRACTION_BITS = 22;

    private static final double SUPPORT = 2;

    static BicubicWeights of(int source, int target) {
        double scale = (double) source / target;
        double stretch = Math.max(scale, 1);
        double support = SUPPORT * stretch;
        double inverse = 1 / stretch;
        int[] first = new int[target];
        int[][] taps = new int[target][];
        for (int x = 0; x < target; x++) {
            double centre = (x + 0.5) * scale;
            int low = Math.max(0, (int) (centre - support + 0.5));
            int high = Math.min(source, (int) (centre + support + 0.5));
            double[] weights = new double[high - low];
            double sum = 0;
            for (int i = 0; i < weights.length; i++) {
                weights[i] = kernel((i + low - centre + 0.5) * inverse);
                sum += weights[i];
            }
            first[x] = low;
            taps[x] = fixedPoint(weights, sum);
        }
        return new BicubicWeights(first, taps);
    }

    private static int[] fixedPoint(double[] weights, double sum) {
        double norm = sum == 0 ? 1 : 1 / sum;
        int[] fixed = new int[weights.length];
        for (int i = 0; i < weights.length; i++) {
            double scaled = weights[i] * norm * (1 << FRACTION_BITS);
            fixed[i] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
        }
        return fixed;
    }

    private static double kernel(double x) {
        double t = Math.abs(x);
        if (t < 1) {
            return (1.5 * t - 2.5) * t * t + 1;
        }
        return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
    }
}
