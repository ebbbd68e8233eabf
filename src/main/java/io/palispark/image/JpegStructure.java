package io.palispark.image;

import io.palispark.geometry.ImageSize;
import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Set;

/**
 * The marker structure of a JPEG file (ITU-T T.81, annex B), walked from SOI to EOI.
 *
 * @param facts size and orientation
 * @param colours how the decoded components are to be read
 * @param tables offset of the first segment that the decoder needs, per segment in front of the first scan
 */
record JpegStructure(ImageFacts facts, Colours colours, int[] tables) {

    /** The colour space of the components, by the rules of libjpeg. */
    enum Colours {
        GREY,
        YCC,
        RGB,
        /** Stored inverted, as Adobe does; taken so without an Adobe marker too, as Pillow does. */
        CMYK,
        YCCK
    }

    private static final int START_OF_SCAN = 0xDA;
    private static final int END_OF_IMAGE = 0xD9;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    static JpegStructure walk(byte[] bytes, ImageLimits limits) throws BrokenImage {
        return new Walk(bytes, limits).toEnd();
    }

    /** The file without application data and comments in front of the first scan: no colour profile, no thumbnail. */
    byte[] withoutApplicationData(byte[] bytes) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(bytes.length);
        kept.write(0xFF);
        kept.write(0xD8);
        for (int i = 0; i < tables.length; i += 2) {
            kept.write(bytes, tables[i], tables[i + 1] - tables[i]);
        }
        return kept.toByteArray();
    }

    /** The offset of the code of the next marker (a byte after 0xFF that is neither 0, 0xFF nor a restart). */
    private static int nextMarker(byte[] bytes, int from) throws BrokenImage {
        int at = from;
        while (true) {
            at = nextFf(bytes, at) + 1;
            while (at < bytes.length && bytes[at] == (byte) 0xFF) {
                at++;
            }
            if (at >= bytes.length) {
                throw BrokenImage.truncated("no end marker up to the last byte, " + bytes.length);
            }
            int code = bytes[at] & 0xFF;
            if (code != 0 && (code < 0xD0 || code > 0xD7)) {
                return at;
            }
        }
    }

    /** Eight bytes at a time: this scan walks nearly every byte of the file. */
    private static int nextFf(byte[] bytes, int from) {
        int at = from;
        for (; at <= bytes.length - 8; at += 8) {
            long word = ~(long) LONGS.get(bytes, at);
            long zeroBytes = (word - 0x0101010101010101L) & ~word & 0x8080808080808080L;
            if (zeroBytes != 0) {
                return at + (Long.numberOfTrailingZeros(zeroBytes) >>> 3);
            }
        }
        while (at < bytes.length && bytes[at] != (byte) 0xFF) {
            at++;
        }
        return at;
    }

    /** One pass over the markers. */
    private static final class Walk {

        private final byte[] bytes;
        private final ByteView view;
        private final ImageLimits limits;
        private final OrientationTag orientation = new OrientationTag();
        private final int[] kept = new int[2 * 256];
        private int keptCount;
        private int frameAt = -1;
        private ImageSize size;
        private int adobeTransform = -1;
        private boolean jfif;
        private boolean scanSeen;

        Walk(byte[] bytes, ImageLimits limits) {
            this.bytes = bytes;
            this.view = ByteView.of(bytes, ByteOrder.BIG_ENDIAN);
            this.limits = limits;
        }

        JpegStructure toEnd() throws BrokenImage {
            int at = nextMarker(bytes, 2);
            int code = view.u8(at);
            while (code != END_OF_IMAGE) {
                at = nextMarker(bytes, segment(code, at));
                code = view.u8(at);
            }
            if (!scanSeen) {
                throw BrokenImage.damaged("the end marker comes before any scan");
            }
            Set<ImageWarning> warnings = EnumSet.noneOf(ImageWarning.class);
            if (at + 1 < bytes.length) {
                warnings.add(ImageWarning.TRAILING_BYTES);
            }
            ImageFacts facts = new ImageFacts(ImageFormat.JPEG, size, orientation.resolve(warnings), warnings);
            return new JpegStructure(facts, colours(), java.util.Arrays.copyOf(kept, 2 * keptCount));
        }

        /** Takes the segment whose marker code stands at the offset and returns the offset behind it. */
        private int segment(int code, int at) throws BrokenImage {
            if (code == 0x01 || code == 0xD8) {
                return at + 1;
            }
            int length = view.u16(at + 1L);
            if (length < 2) {
                throw BrokenImage.damaged("segment length " + length + " at byte " + (at + 1));
            }
            ByteView body = view.slice(at + 3L, length - 2L);
            if (code >= 0xC0 && code <= 0xCF && code != 0xC4 && code != 0xC8 && code != 0xCC) {
                frame(code, at + 3, body);
            } else if (code >= 0xE0 && code <= 0xEF) {
                application(code, body);
            } else if (code == START_OF_SCAN) {
                scan(at);
            }
            if (!scanSeen && code != 0xFE && (code < 0xE0 || code > 0xEF || code == 0xEE)) {
                keep(at - 1, at + 1 + length);
            }
            return at + 1 + length;
        }

        private void frame(int code, int at, ByteView body) throws BrokenImage {
            if (frameAt >= 0) {
                throw BrokenImage.damaged("a second frame header at byte " + at);
            }
            int components = body.u8(5);
            size = limits.accept(body.u16(3), body.u16(1));
            body.require(6, 3L * components);
            if (body.u8(0) != 8) {
                throw BrokenImage.unsupported("JPEG of " + body.u8(0) + " bits a sample");
            }
            if (code == 0xC3 || code >= 0xC5) {
                throw BrokenImage.unsupported("JPEG process SOF" + (code - 0xC0) + " (lossless or arithmetic)");
            }
            if (components != 1 && components != 3 && components != 4) {
                throw BrokenImage.unsupported("JPEG of " + components + " components");
            }
            frameAt = at;
        }

        private void application(int code, ByteView body) throws BrokenImage {
            if (code == 0xE0 && body.startsWith(0, "JFIF\0")) {
                jfif = true;
            } else if (code == 0xE1 && body.startsWith(0, "Exif\0")) {
                orientation.readExif(body.slice(Math.min(6, body.length()), Math.max(0, body.length() - 6L)));
            } else if (code == 0xE1 && body.startsWith(0, "http://ns.adobe.com/xap/1.0/\0")) {
                orientation.readXmp(body);
            } else if (code == 0xEE && body.startsWith(0, "Adobe") && body.length() >= 12) {
                adobeTransform = body.u8(11);
            }
        }

        private void scan(int at) throws BrokenImage {
            if (frameAt < 0) {
                throw BrokenImage.damaged("a scan at byte " + at + " before any frame header");
            }
            if (!scanSeen) {
                keep(at - 1, bytes.length);
                scanSeen = true;
            }
        }

        private void keep(int from, int to) throws BrokenImage {
            if (keptCount == 256) {
                throw BrokenImage.damaged("more than 256 table segments before the first scan");
            }
            kept[2 * keptCount] = from;
            kept[2 * keptCount + 1] = to;
            keptCount++;
        }

        /** The defaults of libjpeg (jdapimin.c): JFIF, then Adobe, then component ids. */
        private Colours colours() throws BrokenImage {
            return switch (view.u8(frameAt + 5L)) {
                case 1 -> Colours.GREY;
                case 3 -> {
                    boolean named = view.u8(frameAt + 6L) == 'R'
                            && view.u8(frameAt + 9L) == 'G'
                            && view.u8(frameAt + 12L) == 'B';
                    boolean rgb = !jfif && (adobeTransform == 0 || adobeTransform < 0 && named);
                    yield rgb ? Colours.RGB : Colours.YCC;
                }
                default -> adobeTransform == 2 ? Colours.YCCK : Colours.CMYK;
            };
        }
    }
}
