package io.palispark.image;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;

/** Tells the kind of a file by its first bytes. */
final class Signature {

    private static final int TEXT_WINDOW = 1024;

    private record Known(long at, String magic, String name) {}

    private static final List<Known> NOT_DECODED = List.of(
            new Known(4, "ftypavif", "AVIF"),
            new Known(4, "ftypavis", "AVIF"),
            new Known(4, "ftyphei", "HEIC"),
            new Known(4, "ftyphev", "HEIC"),
            new Known(4, "ftypmif1", "HEIF"),
            new Known(4, "ftypmsf1", "HEIF"),
            new Known(0, "\u00ff\n", "JPEG XL"),
            new Known(4, "JXL ", "JPEG XL"),
            new Known(4, "jP  ", "JPEG 2000"),
            new Known(0, "\u00ffO\u00ffQ", "JPEG 2000"),
            new Known(0, "8BPS", "Photoshop"),
            new Known(0, "\0\0\1\0", "Windows icon"),
            new Known(0, "qoif", "QOI"),
            new Known(0, "DDS ", "DirectDraw surface"),
            new Known(0, "v/1\1", "OpenEXR"),
            new Known(0, "#?RADIANCE", "Radiance"),
            new Known(0, "%PDF-", "PDF"),
            new Known(0, "%!PS", "PostScript"),
            new Known(0, "II+\0", "BigTIFF"),
            new Known(0, "MM\0+", "BigTIFF"));

    private Signature() {}

    static ImageFormat of(byte[] bytes) throws BrokenImage {
        ByteView view = ByteView.of(bytes, ByteOrder.BIG_ENDIAN);
        if (view.startsWith(0, "\u00ff\u00d8\u00ff")) {
            return ImageFormat.JPEG;
        }
        if (view.startsWith(0, "\u0089PNG\r\n\u001a\n")) {
            return ImageFormat.PNG;
        }
        if (view.startsWith(0, "GIF87a") || view.startsWith(0, "GIF89a")) {
            return ImageFormat.GIF;
        }
        if (view.startsWith(0, "II*\0") || view.startsWith(0, "MM\0*")) {
            return ImageFormat.TIFF;
        }
        if (view.startsWith(0, "RIFF") && view.startsWith(8, "WEBP")) {
            return ImageFormat.WEBP;
        }
        if (view.startsWith(0, "BM") && view.startsWith(6, "\0\0\0\0")) {
            return ImageFormat.BMP;
        }
        throw other(view);
    }

    private static BrokenImage other(ByteView view) throws BrokenImage {
        for (Known known : NOT_DECODED) {
            if (view.startsWith(known.at(), known.magic())) {
                return BrokenImage.unsupported(known.name() + " is not decoded; convert it to PNG or JPEG");
            }
        }
        String text = view.latin1(0, Math.min(TEXT_WINDOW, view.length())).toLowerCase(Locale.ROOT);
        if (text.contains("<svg")) {
            return BrokenImage.unsupported("SVG is not decoded; convert it to PNG or JPEG");
        }
        return new BrokenImage(ImageFault.Kind.NOT_AN_IMAGE, guess(text));
    }

    private static String guess(String text) {
        if (text.startsWith("version https://git-lfs")) {
            return "a Git LFS pointer instead of the file; run git lfs pull";
        }
        if (text.contains("<!doctype html") || text.contains("<html")) {
            return "a web page; the download probably failed";
        }
        if (text.startsWith("\0\u0005\u0016\7")) {
            return "AppleDouble metadata of another file";
        }
        StringBuilder hex = new StringBuilder("no known signature, the file begins with");
        text.chars().limit(8).forEach(value -> hex.append(String.format(" %02x", value)));
        return hex.toString();
    }
}
