package io.palispark.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palispark.SharedFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpzFileTest {

    private static final byte[] SIX_FLOATS = floats(1, 2, 3, 4, 5, 6);

    @Test
    void readsStoredAndDeflatedArraysAlike() throws IOException {
        byte[] array = npy(1, "<f4", false, "(2, 3)", SIX_FLOATS);
        for (int method : new int[] {ZipEntry.STORED, ZipEntry.DEFLATED}) {
            NpzFile file = NpzFile.read("two.npz", archive(method, "a.npy", array));
            assertThat(file.tensor("a").shape()).containsExactly(2, 3);
            assertThat(file.tensor("a").floats()).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void readsEveryFormatVersion(int version) throws IOException {
        NpzFile file = NpzFile.read(
                "v.npz", archive(ZipEntry.STORED, "a.npy", npy(version, "<f4", false, "(6,)", SIX_FLOATS)));
        assertThat(file.tensor("a").floats()).hasSize(6);
    }

    @Test
    void widensHalfPrecisionExactly() throws IOException {
        byte[] halves = shorts(0x3C00, 0xC000, 0x0001, 0x7BFF, 0x3555);
        byte[] brains = shorts(0x3F80, 0xC000, 0x4049);
        NpzFile file = NpzFile.read(
                "halves.npz",
                archive(
                        ZipEntry.DEFLATED,
                        "half.npy",
                        npy(1, "<f2", false, "(5,)", halves),
                        "brain.npy",
                        npy(1, "|V2", false, "(3,)", brains)));
        assertThat(file.tensor("half").floats()).containsExactly(1f, -2f, 0x1p-24f, 65504f, 0x1.554p-2f);
        assertThat(file.tensor("brain").floats()).containsExactly(1f, -2f, 3.140625f);
    }

    @Test
    void readsIntegersOfBothByteOrders() throws IOException {
        byte[] big = {0, 0, 0, 7, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFE};
        byte[] little = {9, 0, 0, 0, 0, 0, 0, 0};
        NpzFile file = NpzFile.read(
                "integers.npz",
                archive(
                        ZipEntry.STORED,
                        "big.npy",
                        npy(1, ">i4", false, "(2,)", big),
                        "little.npy",
                        npy(1, "<i8", false, "()", little)));
        assertThat(file.tensor("big").longs()).containsExactly(7, -2);
        assertThat(file.tensor("little").longs()).containsExactly(9);
        assertThat(file.tensor("little").rank()).isZero();
    }

    @Test
    void turnsFortranOrderIntoRowMajor() throws IOException {
        byte[] columns = floats(1, 4, 2, 5, 3, 6);
        NpzFile file = NpzFile.read("f.npz", archive(ZipEntry.STORED, "a.npy", npy(1, "<f4", true, "(2, 3)", columns)));
        assertThat(file.tensor("a").floats()).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void keepsEntriesWithoutNumbersByNameAndFailsOnlyWhenAskedForThem() throws IOException {
        NpzFile file = NpzFile.read(
                "mixed.npz",
                archive(
                        ZipEntry.DEFLATED,
                        "pickled.npy",
                        npy(1, "|O", false, "(1,)", new byte[9]),
                        "readme.txt",
                        new byte[3],
                        "a.npy",
                        npy(1, "<f4", false, "(6,)", SIX_FLOATS)));
        assertThat(file.tensors()).containsOnlyKeys("a");
        assertThatThrownBy(() -> file.tensor("pickled")).hasMessageContaining("its elements are |O, not numbers");
        assertThatThrownBy(() -> file.tensor("b")).hasMessage("Cannot read mixed.npz: there is no array b among its 1");
    }

    @Test
    void refusesShapesThatPromiseMoreThanTheFileHolds() {
        for (String shape :
                new String[] {"(7,)", "(67108864, 1)", "(9223372036854775807, 3)", "(99999999999999999999,)"}) {
            assertThatThrownBy(() -> NpzFile.read(
                            "bomb.npz", archive(ZipEntry.DEFLATED, "a.npy", npy(1, "<f4", false, shape, SIX_FLOATS))))
                    .isInstanceOf(TensorFileException.class)
                    .hasMessageStartingWith("Cannot read bomb.npz");
        }
    }

    @Test
    void refusesBytesBehindAnArray() {
        assertThatThrownBy(() -> NpzFile.read(
                        "long.npz", archive(ZipEntry.STORED, "a.npy", npy(1, "<f4", false, "(5,)", SIX_FLOATS))))
                .hasMessage("Cannot read long.npz: array a should hold 20 bytes and holds more");
    }

    @Test
    void refusesEveryCutOfAFile() throws IOException {
        byte[] file = archive(ZipEntry.DEFLATED, "a.npy", npy(1, "<f4", false, "(2, 3)", SIX_FLOATS));
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> NpzFile.read("cut.npz", cut)).isInstanceOf(TensorFileException.class);
        }
    }

    @Test
    void damagedFilesGiveNothingButTheirException() throws IOException {
        byte[] file = archive(ZipEntry.DEFLATED, "a.npy", npy(1, "<f4", false, "(2, 3)", SIX_FLOATS));
        Random random = new Random(7);
        int refused = 0;
        int count = Integer.getInteger("fuzz.count", 20_000);
        for (int i = 0; i < count; i++) {
            byte[] damaged = file.clone();
            for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                NpzFile.read("damaged.npz", damaged);
            } catch (TensorFileException expected) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(count / 4);
    }

    @Test
    void readsTheStandInMaskCodecInBothWidths() throws IOException {
        NpzFile wide = NpzFile.read(SharedFolder.require("demo/standin-mask-codec.npz"));
        NpzFile half = NpzFile.read(SharedFolder.require("demo/standin-mask-codec-f16.npz"));
        assertThat(wide.tensors()).hasSize(49).containsOnlyKeys(half.tensors().keySet());
        assertThat(wide.sha256()).isEqualTo("3da03ba8b035cc2054aebf6f0562af51aae8918a1d75dff621db6072bf552ea7");
        float[] exact = wide.tensor("encoder.2.weight").floats();
        float[] rounded = half.tensor("encoder.2.weight").floats();
        for (int i = 0; i < exact.length; i++) {
            assertThat(rounded[i]).isCloseTo(exact[i], org.assertj.core.data.Offset.offset(1e-3f));
        }
    }

    private static byte[] npy(int version, String descr, boolean fortran, String shape, byte[] data) {
        String header = "{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': "
                + shape + ", }\n";
        ByteBuffer bytes =
                ByteBuffer.allocate(12 + header.length() + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
        bytes.put((byte) version).put((byte) 0);
        if (version == 1) {
            bytes.putShort((short) header.length());
        } else {
            bytes.putInt(header.length());
        }
        bytes.put(header.getBytes(StandardCharsets.US_ASCII)).put(data);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static byte[] archive(int method, Object... namesAndContents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                byte[] content = (byte[]) namesAndContents[i + 1];
                ZipEntry entry = new ZipEntry((String) namesAndContents[i]);
                entry.setMethod(method);
                entry.setSize(content.length);
                if (method == ZipEntry.STORED) {
                    CRC32 crc = new CRC32();
                    crc.update(content);
                    entry.setCrc(crc.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(content);
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static byte[] shorts(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            bytes.putShort((short) value);
        }
        return bytes.array();
    }
}
