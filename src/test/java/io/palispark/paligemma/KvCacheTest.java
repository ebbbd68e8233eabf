package io.palispark.paligemma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KvCacheTest {

    private static final int[] TOKEN = {7};

    @Test
    void aCacheServesUntilTheStepAfterTheNext() throws IOException {
        Goldens goldens = Goldens.of("pg1");
        try (TinyModel tiny = TinyModel.of(goldens)) {
            LanguageModel model = tiny.model();
            KvCache first =
                    model.prefill(List.of(tiny.prompt(goldens.single(0), 0))).cache();
            float[] logits = model.next(first, TOKEN).logits().floats();

            LanguageModel.Prediction again = model.next(first, TOKEN);
            assertThat(again.logits().floats()).isEqualTo(logits);
            model.next(again.cache(), TOKEN);
            assertThatThrownBy(() -> model.next(first, TOKEN))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("Cannot read a cache of " + first.columns() + " columns");
        }
    }

    @Test
    void selectedRowsAreCopies() throws IOException {
        Goldens goldens = Goldens.of("pg1");
        try (TinyModel tiny = TinyModel.of(goldens)) {
            LanguageModel model = tiny.model();
            KvCache cache =
                    model.prefill(List.of(tiny.prompt(goldens.single(0), 0))).cache();
            KvCache twice = cache.select(new int[] {0, 0});
            float[] alone = model.next(cache, TOKEN).logits().floats();
            KvCache grown = model.next(model.next(cache, TOKEN).cache(), TOKEN).cache();
            assertThat(grown.rows()).isEqualTo(1);

            float[] both = model.next(twice, new int[] {7, 7}).logits().floats();
            Goldens.assertClose("first row", Arrays.copyOf(both, alone.length), alone, 1e-4f);
        }
    }
}
