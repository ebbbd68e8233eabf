package io.palispark.tensor;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory for weights that are computed at load. Large tensors lie in a nameless temporary file, so that they count
 * neither as heap nor as direct memory of the JVM and the system may page them out.
 */
public final class ScratchMemory {

    private static final long MAPPED_FROM_BYTES = 1 << 20;

    private ScratchMemory() {}

    /** Zeros of the given shape, writable through {@link Tensor#buffer()}. */
    public static Tensor allocate(ElementType type, long... shape) throws IOException {
        long bytes =
                new TensorLayout(type, java.util.Arrays.stream(shape).boxed().toList()).bytes();
        if (bytes < MAPPED_FROM_BYTES) {
            return Tensor.allocate(type, shape);
        }
        Path file = Files.createTempFile("palispark", ".weights");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return Tensor.over(type, channel.map(MapMode.READ_WRITE, 0, bytes), shape);
        } finally {
            Files.delete(file);
        }
    }
}
