package io.palispark.image;

import io.palispark.geometry.ImageSize;
import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The chunks of a PNG file (W3C PNG, third edition), walked from IHDR to IEND with every check sum tested.
 *
 * @param facts size and orientation
 * @param pixelChunks offset and length of each whole chunk that the pixels need: IHDR, PLTE, IDAT, IEND
 */
record PngStructure(ImageFacts facts, List<int[]> pixelChunks) {

    private static final int SIGNATURE_BYTES = 8;
    private static final int FRAME_BYTES = 12;

    static PngStructure walk(byte[] bytes, ImageLimits limits) throws BrokenImage {
        ByteView view = ByteView.of(bytes, ByteOrder.BIG_ENDIAN);
        ImageSize size = header(view, limits);
        OrientationTag orientation = new OrientationTag();
        Set<ImageWarning> warnings = EnumSet.noneOf(ImageWarning.class);
        List<int[]> pixelChunks = new ArrayList<>();
        boolean data = false;
        long at = SIGNATURE_BYTES;
        String type = "";
        while (!type.equals("IEND")) {
            long length = view.u32(at);
            type = view.latin1(at + 4, 4);
            ByteView body = view.slice(at + 8, length);
            if (view.crc32(at + 4, length + 4) != (int) view.u32(at + 8 + length)) {
                throw BrokenImage.damaged("the check sum of chunk " + printable(type) + " at byte " + at + " is wrong");
            }
            switch (type) {
                case "eXIf" -> orientation.readExif(body);
                case "iTXt" -> text(body, orientation);
                case "acTL" -> warnings.add(ImageWarning.SEVERAL_FRAMES);
                case "IHDR", "PLTE", "IDAT", "IEND" ->
                    pixelChunks.add(new int[] {(int) at, (int) length + FRAME_BYTES});
                default -> {} // other ancillary chunks do not change the RGB bytes
            }
            data |= type.equals("IDAT");
            at += length + FRAME_BYTES;
        }
        if (!data) {
            throw BrokenImage.damaged("no IDAT chunk");
        }
        if (at < bytes.length) {
            warnings.add(ImageWarning.TRAILING_BYTES);
        }
        return new PngStructure(
                new ImageFacts(ImageFormat.PNG, size, orientation.resolve(warnings), warnings), pixelChunks);
    }

    /** The same picture with nothing but pixels in it: no profile, no text to inflate, no transparency. */
    byte[] pixelsOnly(byte[] bytes) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(bytes.length);
        kept.write(bytes, 0, SIGNATURE_BYTES);
        for (int[] chunk : pixelChunks) {
            kept.write(bytes, chunk[0], chunk[1]);
        }
        return kept.toByteArray();
    }

    private static ImageSize header(ByteView view, ImageLimits limits) throws BrokenImage {
        view.require(SIGNATURE_BYTES, 8);
        if (!view.startsWith(SIGNATURE_BYTES, "\0\0\0\rIHDR")) {
            throw BrokenImage.damaged("the first chunk is not an IHDR of 13 bytes");
        }
        ImageSize size = limits.accept(view.u32(16), view.u32(20));
        int depth = view.u8(24);
        boolean legal = switch (view.u8(25)) {
            case 0 -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
            case 3 -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
            case 2, 4, 6 -> depth == 8 || depth == 16;
            default -> false;
        };
        if (!legal) {
            throw BrokenImage.damaged("colour type " + view.u8(25) + " with " + depth + " bits a sample");
        }
        return size;
    }

    private static void text(ByteView body, OrientationTag orientation) throws BrokenImage {
        if (body.startsWith(0, "XML:com.adobe.xmp\0\0")) {
            orientation.readXmp(body);
        }
    }

    private static String printable(String type) {
        return type.replaceAll("[^A-Za-z]", "?");
    }
}
