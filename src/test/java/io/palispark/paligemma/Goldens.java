package io.palispark.paligemma;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SharedFolder;
import io.palispark.image.RgbImage;
import io.palispark.tensor.Device;
import io.palispark.tensor.SafetensorsFile;
import io.palispark.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/** What transformers 5.23.0 computed from a tiny checkpoint. */
record Goldens(String name, JsonNode json, SafetensorsFile tensors) {

    static final Device CPU = new Device.Cpu(1);

    /** Largest difference allowed for logits and normalised stages, and for the residual stream. */
    static final float TOLERANCE = 1e-4f;

    static final float RESIDUAL_TOLERANCE = 3e-4f;

    static Path model(String path) {
        return SharedFolder.require("fixtures/model/" + path);
    }

    static Goldens of(String name) throws IOException {
        return new Goldens(
                name,
                new ObjectMapper().readTree(model("goldens/" + name + ".json").toFile()),
                SafetensorsFile.open(model("goldens/" + name + ".safetensors")));
    }

    Checkpoint checkpoint() throws IOException {
        return Checkpoint.open(model("checkpoints/" + name));
    }

    /** The picture of a golden through our own decoder and resize, equal to the reference's by hash. */
    Tensor pixels(int single) throws IOException {
        JsonNode golden = single(single);
        RgbImage picture = Pictures.read(model("images/" + golden.path("image").textValue()));
        Tensor pixels = Pictures.input(CheckpointConfig.read(model("checkpoints/" + name))
                        .vision()
                        .imageSize())
                .pixels(List.of(picture));
        assertThat(Pictures.sha256(pixels.buffer()))
                .isEqualTo(golden.path("pixel_values_sha256").textValue());
        return pixels;
    }

    JsonNode single(int index) {
        return json.path("single").path(index);
    }

    static int[] ids(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }

    static void assertClose(String what, float[] actual, float[] expected, float tolerance) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        float worst = 0;
        for (int i = 0; i < actual.length; i++) {
            float difference = Math.abs(actual[i] - expected[i]);
            worst = difference <= worst ? worst : difference;
        }
        assertThat(worst).as(what + " differs by at most").isLessThanOrEqualTo(tolerance);
    }
}
