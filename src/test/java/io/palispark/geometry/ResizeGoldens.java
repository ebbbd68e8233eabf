package io.palispark.geometry;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The cases of a resize.npz: 8-bit blocks and what TensorFlow makes of them. */
final class ResizeGoldens {

    private static final Pattern SHAPE = Pattern.compile("\\((\\d+), (\\d+)\\)");

    /** One case: the block's values 0..255 row-major, and its soft mask. */
    record Case(String name, int height, int width, byte[] block, float[] soft) {

        boolean isMask() {
            for (byte value : block) {
                if (value != 0 && value != -1) {
                    return false;
                }
            }
            return true;
        }
    }

    private record Array(int height, int width, ByteBuffer values) {}

    private ResizeGoldens() {}

    static List<Case> read(InputStream npz) {
        Map<String, Array> arrays = arrays(npz);
        List<Case> cases = new ArrayList<>();
        for (Map.Entry<String, Array> entry : arrays.entrySet()) {
            if (entry.getKey().startsWith("crop_")) {
                Array block = entry.getValue();
                byte[] values = new byte[block.values().remaining()];
                block.values().get(values);
                float[] soft = new float[MaskResampler.SIDE * MaskResampler.SIDE];
                arrays.get(entry.getKey().replace("crop_", "soft_"))
                        .values()
                        .asFloatBuffer()
                        .get(soft);
                cases.add(new Case(entry.getKey(), block.height(), block.width(), values, soft));
            }
        }
        return cases;
    }

    private static Map<String, Array> arrays(InputStream npz) {
        Map<String, Array> arrays = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(npz)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                arrays.put(entry.getName(), array(zip.readAllBytes()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return arrays;
    }

    private static Array array(byte[] npy) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(npy));
        in.skipNBytes(8);
        int headerLength = Short.toUnsignedInt(Short.reverseBytes(in.readShort()));
        String header = new String(in.readNBytes(headerLength), StandardCharsets.US_ASCII);
        Matcher shape = SHAPE.matcher(header);
        if (!shape.find() || header.contains("'fortran_order': True")) {
            throw new IOException("not a C-ordered matrix: " + header);
        }
        return new Array(
                Integer.parseInt(shape.group(1)),
                Integer.parseInt(shape.group(2)),
                ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN));
    }
}
