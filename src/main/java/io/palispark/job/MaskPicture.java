package io.palispark.job;

import io.palispark.geometry.RunLengthMask;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** A mask as an 8-bit grey PNG of its picture's size: 255 in the mask, 0 elsewhere. */
final class MaskPicture {

    private MaskPicture() {}

    static byte[] png(RunLengthMask mask) {
        BufferedImage picture =
                new BufferedImage(mask.size().width(), mask.size().height(), BufferedImage.TYPE_BYTE_GRAY);
        byte[] grey = ((DataBufferByte) picture.getRaster().getDataBuffer()).getData();
        byte[] bitmap = mask.bitmap();
        for (int i = 0; i < bitmap.length; i++) {
            grey[i] = (byte) (bitmap[i] * 255);
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", png);
        } catch (IOException impossible) {
            throw new IllegalStateException("Cannot write a PNG in memory", impossible);
        }
        return png.toByteArray();
    }
}
