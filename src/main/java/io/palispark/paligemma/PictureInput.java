package io.palispark.paligemma;

import io.palispark.image.BicubicResize;
import io.palispark.image.Normalisation;
import io.palispark.image.RgbImage;
import io.palispark.tensor.ElementType;
import io.palispark.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Pictures to what {@link VisionTower} takes: squeezed to the square, the aspect ratio is not kept, and normalised.
 *
 * @param side of the square in pixels
 */
public record PictureInput(int side, BicubicResize resize, Normalisation normalisation) {

    /** Float32 [pictures, 3, side, side]. */
    public Tensor pixels(List<RgbImage> pictures) {
        Tensor pixels = Tensor.allocate(ElementType.FLOAT32, pictures.size(), 3, side, side);
        FloatBuffer values = pixels.buffer().asFloatBuffer();
        for (RgbImage picture : pictures) {
            values.put(normalisation.pixelValues(resize.toSquare(picture, side)));
        }
        return pixels;
    }
}
