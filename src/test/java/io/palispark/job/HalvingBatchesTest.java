package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palispark.tensor.InferenceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HalvingBatchesTest {

    private final List<Integer> sizes = new ArrayList<>();

    @Test
    void batchesShrinkUntilTheDeviceTakesThemAndStaySmall() {
        List<Integer> items = IntStream.range(0, 20).boxed().toList();

        List<Optional<Integer>> outputs = new HalvingBatches(16).map(items, this::upToFive);

        assertThat(outputs)
                .isEqualTo(items.stream().map(item -> Optional.of(10 * item)).toList());
        assertThat(sizes).containsExactly(16, 8, 4, 4, 4, 4, 4);
    }

    @Test
    void placesAreHalvedUntilTheDeviceHasMemoryForThemAndStaySo() {
        HalvingBatches batches = new HalvingBatches(16);

        for (int round = 0; round < 2; round++) {
            assertThat(batches.mapQueued(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9), this::inFourPlaces))
                    .contains(Optional.of(10), Optional.of(90))
                    .hasSize(9);
        }

        assertThat(sizes).containsExactly(9, 4, 4);
    }

    @Test
    void anItemThatNoPlaceIsLargeEnoughForIsEmpty() {
        HalvingBatches.QueuedCall<Integer, Integer> call = (items, places) -> {
            if (items.contains(2)) {
                throw new InferenceException("Cannot run graph text on cuda:0: CUDA failure 2: out of memory");
            }
            return items;
        };

        assertThat(new HalvingBatches(4).mapQueued(List.of(1, 2, 3), call))
                .containsExactly(Optional.of(1), Optional.empty(), Optional.of(3));
    }

    @Test
    void anItemThatIsTooLargeAloneIsEmptyAndTheOthersAreNot() {
        List<Optional<Integer>> outputs = new HalvingBatches(4).map(List.of(1, 2, 3, 4, 5), batch -> {
            if (batch.contains(3)) {
                throw new InferenceException("Cannot run graph text on cuda:0: CUDA failure 2: out of memory");
            }
            return batch;
        });

        assertThat(outputs)
                .containsExactly(Optional.of(1), Optional.of(2), Optional.empty(), Optional.of(4), Optional.of(5));
    }

    @Test
    void otherFailuresAreNotRetried() {
        assertThatThrownBy(() -> new HalvingBatches(4).map(List.of(1, 2), batch -> {
                    sizes.add(batch.size());
                    throw new InferenceException("Cannot run graph text on cpu: invalid input");
                }))
                .isInstanceOf(InferenceException.class);
        assertThat(sizes).containsExactly(2);
    }

    private List<Integer> inFourPlaces(List<Integer> items, int places) {
        sizes.add(places);
        if (places > 4) {
            throw new InferenceException("Cannot run graph text on cuda:0: Failed to allocate memory for 1 GB");
        }
        return items.stream().map(item -> 10 * item).toList();
    }

    private List<Integer> upToFive(List<Integer> batch) {
        sizes.add(batch.size());
        if (batch.size() > 5) {
            throw new InferenceException("Cannot run graph text on cuda:0: Failed to allocate memory for 1 GB");
        }
        return batch.stream().map(item -> 10 * item).toList();
    }
}
