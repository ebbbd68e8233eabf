package io.palispark.job;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.dataset.StableHash;
import io.palispark.image.BicubicResize;
import io.palispark.image.ContentRead;
import io.palispark.image.DecodedImage;
import io.palispark.image.Decoding;
import io.palispark.image.Frame;
import io.palispark.image.ImageContent;
import io.palispark.image.ImageFacts;
import io.palispark.image.ImageFault;
import io.palispark.image.ImageLimits;
import io.palispark.image.ImageProbe;
import io.palispark.image.ImageWarning;
import io.palispark.image.Normalisation;
import io.palispark.image.PassOrder;
import io.palispark.image.PerceptualHash;
import io.palispark.image.RgbDecoder;
import io.palispark.image.RgbImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What Palispark sees in one image file, as the JSON record of {@code inspect image}: the same probe, decoder and resize
 * as in the jobs, without Spark, within the default limits.
 */
public final class ImageReport {

    private static final ImageLimits LIMITS = ImageLimits.DEFAULT;

    private final Frame frame;
    private final OptionalInt side;

    private ImageReport(Frame frame, OptionalInt side) {
        this.frame = frame;
        this.side = side;
    }

    /**
     * Hashes of the pixels as the file stores them.
     *
     * @param side side of the model's square input in pixels; empty leaves the resize out
     */
    public static ImageReport ofStoredPixels(OptionalInt side) {
        return new ImageReport(Frame.STORED, side);
    }

    /**
     * Hashes of the pixels turned by the file's orientation tag.
     *
     * @param side side of the model's square input in pixels; empty leaves the resize out
     */
    public static ImageReport ofUprightPixels(OptionalInt side) {
        return new ImageReport(Frame.UPRIGHT, side);
    }

    /** The record of a file, of which no more than the limit is read. */
    public ObjectNode describe(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            ContentRead content = ImageContent.read(stream, LIMITS);
            return content instanceof ImageFault fault
                    ? refusal(JsonNodeFactory.instance.objectNode().put("file", file.toString()), fault)
                    : describe(file.toString(), ((ImageContent) content).bytes());
        }
    }

    /** The record; a refused image has its reject code as verdict and says why. Never throws for any content. */
    public ObjectNode describe(String file, byte[] bytes) {
        ObjectNode line = JsonNodeFactory.instance.objectNode().put("file", file);
        if (new ImageProbe(LIMITS).inspect(bytes) instanceof ImageFacts facts) {
            line.put("format", facts.format().name())
                    .put("width", facts.storedSize().width())
                    .put("height", facts.storedSize().height())
                    .put("orientation", facts.orientation());
        }
        Decoding decoding = new RgbDecoder(LIMITS).decode(bytes, frame);
        if (decoding instanceof ImageFault fault) {
            return refusal(line, fault);
        }
        DecodedImage image = (DecodedImage) decoding;
        line.put("verdict", "ok");
        warnings(line, image.warnings());
        line.put("rgb_sha256", sha256(image.pixels().rgb()));
        line.put(
                "perceptual_hash",
                "%016x".formatted(PerceptualHash.of(image.pixels()).bits()));
        side.ifPresent(pixels -> modelInput(line, image.pixels(), pixels));
        return line;
    }

    private static ObjectNode refusal(ObjectNode line, ImageFault fault) {
        return line.put("verdict", fault.kind().code()).put("detail", fault.detail());
    }

    private static void warnings(ObjectNode line, Set<ImageWarning> warnings) {
        if (!warnings.isEmpty()) {
            var codes = line.putArray("warnings");
            warnings.stream().sorted().map(ImageWarning::code).forEach(codes::add);
        }
    }

    private void modelInput(ObjectNode line, RgbImage pixels, int size) {
        RgbImage resized = new BicubicResize(PassOrder.PILLOW_13).toSquare(pixels, size);
        float[] values = Normalisation.RESCALE_THEN_NORMALISE.pixelValues(resized);
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        line.put("resized_sha256", sha256(resized.rgb())).put("pixel_values_sha256", sha256(bytes.array()));
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(StableHash.sha256().digest(bytes));
    }
}
