package io.palispark.image;

/** How bytes 0 to 255 become floats in [-1, 1], in the float32 rounding of one of the two processors in use. */
public enum Normalisation {
    /** The PIL path of SiglipImageProcessor: scaled by 1/255 in double, rounded, then (x - 0.5) / 0.5. */
    RESCALE_THEN_NORMALISE {
        @Override
        float of(int value) {
            return ((float) (value * (1.0 / 255)) - 0.5f) / 0.5f;
        }
    },
    /** The torchvision path: (x - 127.5) / 127.5. */
    FUSED {
        @Override
        float of(int value) {
            return (value - 127.5f) / 127.5f;
        }
    };

    private final float[] table = new float[256];

    Normalisation() {
        for (int i = 0; i < table.length; i++) {
            table[i] = of(i);
        }
    }

    abstract float of(int value);

    /** The {@code pixel_values} of one image: channel, row, column, {@code 3 * height * width} long. */
    public float[] pixelValues(RgbImage image) {
        byte[] rgb = image.rgb();
        int plane = rgb.length / 3;
        float[] values = new float[rgb.length];
        for (int i = 0, from = 0; i < plane; i++) {
            values[i] = table[rgb[from++] & 0xFF];
            values[plane + i] = table[rgb[from++] & 0xFF];
            values[2 * plane + i] = table[rgb[from++] & 0xFF];
        }
        return values;
    }
}
