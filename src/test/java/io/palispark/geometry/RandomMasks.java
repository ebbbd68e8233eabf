package io.palispark.geometry;

import java.util.Random;

/** Seeded small masks: from empty over blobs of runs to noise and full. */
final class RandomMasks {

    private RandomMasks() {}

    static RunLengthMask next(Random random) {
        return next(random, new ImageSize(1 + random.nextInt(30), 1 + random.nextInt(30)));
    }

    static RunLengthMask next(Random random, ImageSize size) {
        byte[] bitmap = new byte[(int) size.pixels()];
        double change = Math.pow(random.nextDouble(), 2);
        byte value = (byte) random.nextInt(2);
        for (int i = 0; i < bitmap.length; i++) {
            value ^= random.nextDouble() < change ? 1 : 0;
            bitmap[i] = value;
        }
        return RunLengthMask.ofBitmap(size, bitmap);
    }

    static PixelBox crop(Random random, ImageSize size) {
        int top = random.nextInt(size.height());
        int left = random.nextInt(size.width());
        return new PixelBox(
                top,
                left,
                top + 1 + random.nextInt(size.height() - top),
                left + 1 + random.nextInt(size.width() - left));
    }
}
