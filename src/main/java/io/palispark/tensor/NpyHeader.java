package io.palispark.tensor;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of one NumPy array, format versions 1 to 3: element type, axis order and shape, and nothing evaluated.
 *
 * @param type of one element, {@link ElementType#UINT8} where unreadable
 * @param unreadable why the elements are no plain numbers, if so
 * @param bigEndian whether elements are stored most significant byte first
 * @param fortran whether the first axis runs fastest in the file
 * @param shape all extents at least 0, their product times the element's width within 64 bits
 */
record NpyHeader(ElementType type, Optional<String> unreadable, boolean bigEndian, boolean fortran, long[] shape) {

    /** As NumPy itself limits it. */
    private static final int LONGEST = 10_000;

    private static final int MOST_AXES = 32;
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern DESCRIPTION =
            Pattern.compile("['\"]descr['\"]\\s*:\\s*(?:['\"]([^'\"]{1,64})['\"]|(\\[))");
    private static final Pattern ORDER = Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(([0-9L, ]*)\\)");

    static NpyHeader read(String source, InputStream in) throws IOException {
        byte[] magic = in.readNBytes(MAGIC.length + 2);
        if (magic.length < MAGIC.length + 2 || !Arrays.equals(MAGIC, Arrays.copyOf(magic, MAGIC.length))) {
            throw new TensorFileException(source, "it does not begin as a NumPy array");
        }
        int version = magic[MAGIC.length];
        if (version < 1 || version > 3) {
            throw new TensorFileException(source, "its format version is " + version + ", known are 1 to 3");
        }
        long length = littleEndian(in.readNBytes(version == 1 ? 2 : 4));
        if (length > LONGEST) {
            throw new TensorFileException(source, "its header of " + length + " bytes passes the limit of " + LONGEST);
        }
        byte[] text = in.readNBytes((int) length);
        if (text.length < length) {
            throw new EOFException("cut inside a header");
        }
        return parse(source, new String(text, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1));
    }

    private static NpyHeader parse(String source, String text) throws TensorFileException {
        Matcher description = DESCRIPTION.matcher(text);
        Matcher order = ORDER.matcher(text);
        Matcher extents = SHAPE.matcher(text);
        if (!description.find() || !order.find() || !extents.find()) {
            throw new TensorFileException(source, "its header is not understood: " + text.strip());
        }
        String descr = description.group(1) == null ? "a structure" : description.group(1);
        boolean bigEndian = descr.startsWith(">");
        boolean fortran = "True".equals(order.group(1));
        Optional<ElementType> type = type(descr);
        try {
            long[] shape = shape(extents.group(1));
            NpyHeader header = new NpyHeader(
                    type.orElse(ElementType.UINT8),
                    type.isPresent() ? Optional.empty() : Optional.of("its elements are " + descr + ", not numbers"),
                    bigEndian,
                    fortran,
                    shape);
            header.bytes();
            return header;
        } catch (ArithmeticException | NumberFormatException beyond) {
            throw new TensorFileException(source, "its shape (" + extents.group(1) + ") is beyond 64 bits", beyond);
        }
    }

    /** How many bytes of elements follow the header. */
    long bytes() {
        return Math.multiplyExact(Tensor.count(shape), type.bytes());
    }

    /** The elements little-endian and with the last axis running fastest; the same buffer where they already are. */
    ByteBuffer toRowMajor(ByteBuffer file) {
        int width = type.bytes();
        if ((!fortran || shape.length < 2) && (!bigEndian || width == 1)) {
            return file;
        }
        ByteBuffer ordered = ByteBuffer.allocate(file.remaining());
        long[] index = new long[shape.length];
        for (int at = 0; at < ordered.capacity(); at += width) {
            int from = fortran ? Math.toIntExact(fortranOffset(index)) * width : at;
            for (int b = 0; b < width; b++) {
                ordered.put(at + b, file.get(from + (bigEndian ? width - 1 - b : b)));
            }
            advance(index);
        }
        return ordered.order(ByteOrder.LITTLE_ENDIAN);
    }

    private long fortranOffset(long[] index) {
        long offset = 0;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            offset = offset * shape[axis] + index[axis];
        }
        return offset;
    }

    private void advance(long[] index) {
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (++index[axis] < shape[axis]) {
                return;
            }
            index[axis] = 0;
        }
    }

    private static Optional<ElementType> type(String descr) {
        return Optional.ofNullable(
                switch (descr.substring(1)) {
                    case "f4" -> ElementType.FLOAT32;
                    case "f2" -> ElementType.FLOAT16;
                    case "f8" -> ElementType.FLOAT64;
                    // How ml_dtypes' bfloat16 is written: two bytes without a meaning.
                    case "V2" -> ElementType.BFLOAT16;
                    case "i1" -> ElementType.INT8;
                    case "u1" -> ElementType.UINT8;
                    case "i2" -> ElementType.INT16;
                    case "i4" -> ElementType.INT32;
                    case "i8" -> ElementType.INT64;
                    case "b1" -> ElementType.BOOL;
                    default -> null;
                });
    }

    private static long[] shape(String extents) {
        long[] shape = Arrays.stream(extents.split(","))
                .map(String::strip)
                .filter(extent -> !extent.isEmpty())
                .mapToLong(extent ->
                        Long.parseLong(extent.endsWith("L") ? extent.substring(0, extent.length() - 1) : extent))
                .toArray();
        if (shape.length > MOST_AXES) {
            throw new NumberFormatException("more than " + MOST_AXES + " axes");
        }
        return shape;
    }

    private static long littleEndian(byte[] bytes) throws EOFException {
        if (bytes.length != 2 && bytes.length != 4) {
            throw new EOFException("cut inside a header");
        }
        long value = 0;
        for (int i = bytes.length - 1; i >= 0; i--) {
            value = value << 8 | bytes[i] & 0xFF;
        }
        return value;
    }
}
