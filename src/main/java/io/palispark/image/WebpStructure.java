package io.palispark.image;

import io.palispark.geometry.ImageSize;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/**
 * The chunks of a WebP file (RFC 9649), walked to the end of its RIFF form.
 *
 * @param facts size and orientation
 * @param bitstreamAt offset of the chunk that holds the colours, {@code VP8 } or {@code VP8L}
 * @param bitstreamBytes its length with the chunk header
 */
record WebpStructure(ImageFacts facts, int bitstreamAt, int bitstreamBytes) {

    private static final int CHUNK_HEADER_BYTES = 8;

    static WebpStructure walk(byte[] bytes, ImageLimits limits) throws BrokenImage {
        ByteView file = ByteView.of(bytes, ByteOrder.LITTLE_ENDIAN);
        long formBytes = file.u32(4);
        ImageSize size = limits.accept(width(file), height(file));
        ByteView form = file.slice(0, formBytes + CHUNK_HEADER_BYTES);
        OrientationTag orientation = new OrientationTag();
        Set<ImageWarning> warnings = EnumSet.noneOf(ImageWarning.class);
        long bitstreamAt = -1;
        long bitstreamBytes = 0;
        long at = 12;
        while (at + CHUNK_HEADER_BYTES <= form.length()) {
            long length = form.u32(at + 4);
            ByteView body = form.slice(at + CHUNK_HEADER_BYTES, length);
            switch (form.latin1(at, 4)) {
                case "VP8 ", "VP8L" -> {
                    bitstreamAt = bitstreamAt < 0 ? at : bitstreamAt;
                    bitstreamBytes = bitstreamBytes == 0 ? length + CHUNK_HEADER_BYTES : bitstreamBytes;
                }
                case "EXIF" -> orientation.readExif(withoutExifPrefix(body));
                case "XMP " -> orientation.readXmp(body);
                case "ANIM" -> throw BrokenImage.unsupported("animated WebP");
                default -> {} // alpha, profile and unknown chunks do not change the RGB bytes
            }
            at += CHUNK_HEADER_BYTES + length + (length & 1);
        }
        if (bitstreamAt < 0) {
            throw BrokenImage.damaged("no VP8 or VP8L chunk");
        }
        if (formBytes + CHUNK_HEADER_BYTES < bytes.length) {
            warnings.add(ImageWarning.TRAILING_BYTES);
        }
        return new WebpStructure(
                new ImageFacts(ImageFormat.WEBP, size, orientation.resolve(warnings), warnings),
                (int) bitstreamAt,
                (int) bitstreamBytes);
    }

    /** True when the colours are coded by VP8 key frame prediction, false for VP8L. */
    static boolean isLossy(byte[] bitstreamOnly) {
        return ByteView.of(bitstreamOnly, ByteOrder.LITTLE_ENDIAN).startsWith(12, "VP8 ");
    }

    /** A simple file of the bitstream alone: no profile, no alpha, no metadata. */
    byte[] bitstreamOnly(byte[] bytes) {
        int padding = bitstreamBytes & 1;
        ByteArrayOutputStream kept = new ByteArrayOutputStream(12 + bitstreamBytes + padding);
        kept.writeBytes("RIFF".getBytes(StandardCharsets.US_ASCII));
        kept.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(4 + bitstreamBytes + padding)
                .array());
        kept.writeBytes("WEBP".getBytes(StandardCharsets.US_ASCII));
        kept.write(bytes, bitstreamAt, bitstreamBytes);
        kept.writeBytes(new byte[padding]);
        return kept.toByteArray();
    }

    private static ByteView withoutExifPrefix(ByteView body) throws BrokenImage {
        return body.startsWith(0, "Exif\0\0") ? body.slice(6, body.length() - 6L) : body;
    }

    private static long width(ByteView view) throws BrokenImage {
        return switch (view.latin1(12, 4)) {
            case "VP8X" -> 1 + (view.u32(24) & 0xFFFFFF);
            case "VP8L" -> 1 + (lossless(view) & 0x3FFF);
            case "VP8 " -> lossy(view) & 0x3FFF;
            default -> throw BrokenImage.damaged("the first chunk of a WebP is none of VP8, VP8L, VP8X");
        };
    }

    private static long height(ByteView view) throws BrokenImage {
        return switch (view.latin1(12, 4)) {
            case "VP8X" -> 1 + (view.u32(26) >> 8);
            case "VP8L" -> 1 + (lossless(view) >> 14 & 0x3FFF);
            default -> lossy(view) >> 16 & 0x3FFF;
        };
    }

    private static long lossless(ByteView view) throws BrokenImage {
        if (view.u8(20) != 0x2F) {
            throw BrokenImage.damaged("the VP8L signature is missing");
        }
        return view.u32(21);
    }

    private static long lossy(ByteView view) throws BrokenImage {
        if (!view.startsWith(23, "\u009d\u0001*")) {
            throw BrokenImage.damaged("the VP8 start code is missing");
        }
        return view.u32(26);
    }
}
