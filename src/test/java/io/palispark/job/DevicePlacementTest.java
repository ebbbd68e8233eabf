package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palispark.paligemma.Precision;
import io.palispark.paligemma.WeightPlace;
import io.palispark.tensor.InferenceException;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevicePlacementTest {

    @Test
    void theAddressThatSparkGaveIsTheDevice() {
        assertThat(DevicePlacement.ordinal(given("3"))).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0,1", "GPU-5c1d", "-1"})
    void anythingButOneNumberIsRefused(String addresses) {
        assertThatThrownBy(() -> DevicePlacement.ordinal(given(addresses.split(","))))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("one number is needed");
    }

    @Test
    void aClusterWithoutOneAcceleratorATaskIsRefused() {
        SparkConf shared = new SparkConf(false)
                .set("spark.master", "spark://cluster:7077")
                .set("spark.executor.resource.gpu.amount", "1")
                .set("spark.task.resource.gpu.amount", "0.5");

        assertThatThrownBy(() -> DevicePlacement.check(model(GenerateConfig.Processor.CUDA), shared))
                .hasMessageContaining("needs one accelerator a task");
    }

    @Test
    void acceleratorsInLocalModeAreRefusedBeforeTasksWaitForThem() {
        SparkConf local =
                new SparkConf(false).set("spark.master", "local[*]").set("spark.task.resource.gpu.amount", "1");

        assertThatThrownBy(() -> DevicePlacement.check(model(GenerateConfig.Processor.CPU), local))
                .hasMessageContaining("would wait for ever");
    }

    private static Map<String, ResourceInformation> given(String... addresses) {
        return Map.of("gpu", new ResourceInformation("gpu", addresses));
    }

    private static GenerateConfig.Model model(GenerateConfig.Processor processor) {
        return new GenerateConfig.Model(
                PrepareConfig.STAND_IN, "", processor, Precision.FLOAT32, WeightPlace.AUTO, "", 1);
    }
}
