package io.palispark.job;

import io.palispark.dataset.StableHash;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.image.ContentRead;
import io.palispark.image.DecodedImage;
import io.palispark.image.Decoding;
import io.palispark.image.Frame;
import io.palispark.image.ImageContent;
import io.palispark.image.ImageFault;
import io.palispark.image.ImageLimits;
import io.palispark.image.RgbDecoder;
import io.palispark.image.RgbImage;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.ImageFolder;
import io.palispark.spark.ImageSource;
import io.palispark.spark.ShardFile;
import io.palispark.spark.Storage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;

/**
 * The pictures of a tiled dataset: {@code images/} below its folder. A whole picture is the file as it was given, a tile a
 * PNG of its pixels as the trainer is to see them. Names carry a hash of the file that they come from, so those of an older
 * dataset are not overwritten. A picture is opened once more for this.
 */
final class ViewPictures implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Below the dataset's folder. */
    static final String FOLDER = "images";

    private static final int HASH_DIGITS = 12;

    private final ImageLimits limits;
    private final CommittedFolder output;
    private final Frame frame;

    ViewPictures(PrepareConfig config, CommittedFolder output) {
        this.limits = config.limits().images();
        this.output = output;
        this.frame = switch (config.input().frames().training()) {
            case STORED -> Frame.STORED;
            case UPRIGHT -> Frame.UPRIGHT;
        };
    }

    /** The pictures that rows of a tiled dataset name. */
    static ImageSource written(Storage storage, PrepareConfig config) {
        return new ImageFolder(
                storage, config.output().path() + "/" + FOLDER, config.limits().images());
    }

    /** A picture that was read for its views, or why it could not be. */
    sealed interface Opening permits Opened, Refused {}

    record Refused(ImageFault fault) implements Opening {}

    /**
     * A picture and its names.
     *
     * @param pixels empty where no view is a tile
     */
    record Opened(String name, ImageSize size, byte[] bytes, String hash, Optional<RgbImage> pixels)
            implements Opening {

        /** The name of a view below {@link #FOLDER}. */
        String name(PictureView view) {
            int dot = name.lastIndexOf('.');
            boolean hasExtension = dot > name.lastIndexOf('/');
            String stem = (hasExtension ? name.substring(0, dot) : name) + "~" + hash;
            PixelBox block = view.block();
            return view.isWhole(size)
                    ? stem + (hasExtension ? name.substring(dot) : "")
                    : "%s-%d-%d-%d-%d.png".formatted(stem, block.left(), block.top(), block.width(), block.height());
        }
    }

    Opening open(AdmittedPicture picture, List<PictureView> views) throws IOException {
        Optional<ImageSource.Found> found = picture.placed().found();
        if (found.isEmpty()) {
            throw new IOException("Cannot cut " + picture.image() + " into tiles: it was there and is no more");
        }
        ContentRead content = found.get().read();
        if (content instanceof ImageFault fault) {
            return new Refused(fault);
        }
        byte[] bytes = ((ImageContent) content).bytes();
        Optional<RgbImage> pixels = Optional.empty();
        if (views.size() > 1) {
            Decoding decoding = new RgbDecoder(limits).decode(bytes, frame);
            if (decoding instanceof ImageFault fault) {
                return new Refused(fault);
            }
            pixels = Optional.of(((DecodedImage) decoding).pixels());
        }
        return new Opened(picture.image(), picture.size(), bytes, hash(bytes), pixels);
    }

    /** Of the file, and of the frame where it is not the usual one: the same block of another frame has other pixels. */
    private String hash(byte[] bytes) {
        MessageDigest digest = StableHash.sha256();
        digest.update(bytes);
        if (frame == Frame.STORED) {
            digest.update(Frame.STORED.name().getBytes(StandardCharsets.US_ASCII));
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_DIGITS);
    }

    /** Writes the picture of a view, unless it is there as it should be. */
    ShardFile write(Opened picture, PictureView view) throws IOException {
        byte[] bytes = view.isWhole(picture.size())
                ? picture.bytes()
                : png(picture.pixels().orElseThrow().crop(view.block()));
        return output.put(FOLDER + "/" + picture.name(view), bytes);
    }

    private static byte[] png(RgbImage pixels) throws IOException {
        int height = pixels.size().height();
        int width = pixels.size().width();
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        byte[] rgb = pixels.rgb();
        int[] line = new int[width];
        for (int row = 0, at = 0; row < height; row++) {
            for (int column = 0; column < width; column++, at += 3) {
                line[column] = (rgb[at] & 0xFF) << 16 | (rgb[at + 1] & 0xFF) << 8 | rgb[at + 2] & 0xFF;
            }
            image.setRGB(0, row, width, 1, line, 0, width);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }
}
