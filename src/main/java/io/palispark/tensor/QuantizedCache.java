package io.palispark.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * Quantised matrices in a folder, from one process to the next. The name of a file is made of the checksums of the weights
 * it comes from, so one folder serves any number of checkpoints and adapters and may be deleted at any time. Files appear
 * whole, so several processes may use a folder at once; what is found is mapped, not read.
 *
 * @param folder empty to quantise every time
 */
public record QuantizedCache(Optional<Path> folder) {

    public static final QuantizedCache NONE = new QuantizedCache(Optional.empty());

    /** {@link QuantizedMatrix#columnsOfInt8}. */
    public QuantizedMatrix columnsOfInt8(Tensor weight, Int8Form form) throws IOException {
        long outputs = weight.extent(0);
        return kept(
                form.type().name().toLowerCase(Locale.ROOT),
                weight,
                new Shapes(form.type(), outputs, weight.extent(1), outputs),
                () -> QuantizedMatrix.columnsOfInt8(weight, form));
    }

    /** {@link QuantizedMatrix#blocksOfInt4}. */
    public QuantizedMatrix blocksOfInt4(Tensor weight) throws IOException {
        long outputs = weight.extent(0);
        long blocks = (weight.extent(1) + QuantizedMatrix.BLOCK - 1) / QuantizedMatrix.BLOCK;
        return kept(
                "int4",
                weight,
                new Shapes(ElementType.UINT8, outputs * blocks, outputs, blocks, QuantizedMatrix.BLOCK / 2),
                () -> QuantizedMatrix.blocksOfInt4(weight));
    }

    /** Extents of both tensors of a matrix: its values lie first in a file, its scales behind them. */
    private record Shapes(ElementType type, long scales, long... values) {

        long valueBytes() {
            return Tensor.count(values);
        }

        long bytes() {
            return valueBytes() + scales * Float.BYTES;
        }
    }

    private QuantizedMatrix kept(String form, Tensor weight, Shapes shapes, Supplier<QuantizedMatrix> quantized)
            throws IOException {
        if (folder.isEmpty()) {
            return quantized.get();
        }
        Path file = folder.get().resolve(name(form, weight));
        if (!Files.isRegularFile(file) || Files.size(file) != shapes.bytes()) {
            write(file, quantized.get());
        }
        try (FileChannel channel = FileChannel.open(file)) {
            long valueBytes = shapes.valueBytes();
            return new QuantizedMatrix(
                    Tensor.over(shapes.type, channel.map(MapMode.READ_ONLY, 0, valueBytes), shapes.values),
                    Tensor.over(
                            ElementType.FLOAT32,
                            channel.map(MapMode.READ_ONLY, valueBytes, shapes.scales * Float.BYTES),
                            shapes.scales));
        }
    }

    private static String name(String form, Tensor weight) {
        return "%s-%s-%dx%d-%08x%08x"
                .formatted(
                        form,
                        weight.type().name().toLowerCase(Locale.ROOT),
                        weight.extent(0),
                        weight.extent(1),
                        checksum(new CRC32(), weight),
                        checksum(new CRC32C(), weight));
    }

    private static long checksum(Checksum checksum, Tensor weight) {
        checksum.update(weight.buffer());
        return checksum.getValue();
    }

    private static void write(Path file, QuantizedMatrix matrix) throws IOException {
        Files.createDirectories(file.getParent());
        Path part = Files.createTempFile(file.getParent(), "part", ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                write(channel, matrix.values().buffer());
                write(channel, matrix.scales().buffer());
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
