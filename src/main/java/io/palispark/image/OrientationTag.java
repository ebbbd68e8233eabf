package io.palispark.image;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Collects what a file says about its orientation: the first Exif block that names one counts, XMP only without any
 * (the order of Pillow). A broken block is as good as none: orientation is no reason to refuse an image.
 */
final class OrientationTag {

    private static final Pattern XMP = Pattern.compile("tiff:Orientation(?:\\s*=\\s*[\"']|>)\\s*([0-9]+)");
    private static final int XMP_WINDOW = 64 << 10;

    private long exif = -1;
    private long xmp = -1;

    void readExif(ByteView tiff) {
        if (exif < 0) {
            try {
                exif = TiffDirectory.first(tiff)
                        .number(TiffDirectory.ORIENTATION)
                        .orElse(-1);
            } catch (BrokenImage broken) {
                exif = -1;
            }
        }
    }

    void readXmp(ByteView packet) throws BrokenImage {
        Matcher matcher = XMP.matcher(packet.latin1(0, Math.min(XMP_WINDOW, packet.length())));
        if (xmp < 0 && matcher.find()) {
            String digits = matcher.group(1);
            xmp = digits.length() == 1 ? digits.charAt(0) - '0' : 0;
        }
    }

    /** The orientation 1 to 8; an unknown one adds a warning and counts as 1. */
    int resolve(Set<ImageWarning> warnings) {
        long tag = exif >= 0 ? exif : xmp;
        if (tag >= 1 && tag <= 8) {
            return (int) tag;
        }
        if (tag >= 0) {
            warnings.add(ImageWarning.ORIENTATION_UNKNOWN);
        }
        return 1;
    }
}
