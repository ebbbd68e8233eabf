package io.palispark.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantizedCacheTest {

    @TempDir
    Path temporary;

    @Test
    void theSecondProcessFindsWhatTheFirstComputed() throws IOException {
        Tensor weight = weight(1);
        QuantizedMatrix int8 = QuantizedMatrix.columnsOfInt8(weight, Int8Form.UNSIGNED);
        QuantizedMatrix int4 = QuantizedMatrix.blocksOfInt4(weight);
        assertSame(cache().columnsOfInt8(weight, Int8Form.UNSIGNED), int8);
        assertSame(cache().blocksOfInt4(weight), int4);
        List<Path> files = files();
        assertThat(files).hasSize(2);
        // a mark that only a file leaves
        Path kept = files.get(1);
        byte[] bytes = Files.readAllBytes(kept);
        bytes[0]++;
        Files.write(kept, bytes);
        assertThat(cache().columnsOfInt8(weight, Int8Form.UNSIGNED).values().longs()[0])
                .isEqualTo(int8.values().longs()[0] + 1);
        assertThat(files()).isEqualTo(files);
    }

    @Test
    void otherWeightsAndCutFilesAreQuantisedAgain() throws IOException {
        cache().columnsOfInt8(weight(1), Int8Form.UNSIGNED);
        assertSame(
                cache().columnsOfInt8(weight(2), Int8Form.UNSIGNED),
                QuantizedMatrix.columnsOfInt8(weight(2), Int8Form.UNSIGNED));
        assertThat(files()).hasSize(2);
        for (Path file : files()) {
            Files.write(file, new byte[10]);
        }
        assertSame(
                cache().columnsOfInt8(weight(1), Int8Form.UNSIGNED),
                QuantizedMatrix.columnsOfInt8(weight(1), Int8Form.UNSIGNED));
    }

    private QuantizedCache cache() {
        return new QuantizedCache(Optional.of(temporary.resolve("quantised")));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(temporary.resolve("quantised"))) {
            return files.sorted().toList();
        }
    }

    private static Tensor weight(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[70 * 75];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return Tensor.of(values, 70, 75);
    }

    private static void assertSame(QuantizedMatrix actual, QuantizedMatrix expected) {
        assertThat(actual.values().shape()).isEqualTo(expected.values().shape());
        assertThat(actual.values().longs()).isEqualTo(expected.values().longs());
        assertThat(actual.scales().shape()).isEqualTo(expected.scales().shape());
        assertThat(actual.scales().floats()).isEqualTo(expected.scales().floats());
    }
}
