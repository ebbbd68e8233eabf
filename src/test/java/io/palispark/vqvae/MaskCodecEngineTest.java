package io.palispark.vqvae;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.inference.Predictor;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import io.palispark.token.SegmentationCodes;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mask codec as a DJL user calls it. */
class MaskCodecEngineTest {

    @TempDir
    private Path folder;

    private static float[] disc() {
        float[] mask = new float[MaskEncoder.MASK];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = Math.hypot(i / 64 - 31.5, i % 64 - 31.5) < 25 ? 1 : 0;
        }
        return mask;
    }

    @Test
    void predictorsGiveTheCodesAndMasksOfTheCodec() throws Exception {
        try (InputStream weights = MaskCodecWeights.class.getResourceAsStream("/io/palispark/standin/mask-codec.npz")) {
            Files.copy(weights, folder.resolve("vae-oid.npz"));
        }
        MaskCodec codec = MaskCodec.standIn();

        try (ZooModel<float[], SegmentationCodes> model = Criteria.builder()
                        .setTypes(float[].class, SegmentationCodes.class)
                        .optEngine(MaskCodecEngine.NAME)
                        .optModelPath(folder)
                        .optTranslator(new MaskEncodingTranslator())
                        .build()
                        .loadModel();
                Predictor<float[], SegmentationCodes> encoder = model.newPredictor();
                Predictor<SegmentationCodes, float[]> decoder = model.newPredictor(new MaskDecodingTranslator())) {
            List<SegmentationCodes> codes = encoder.batchPredict(List.of(disc(), new float[MaskEncoder.MASK]));

            assertThat(codes).isEqualTo(codec.encoder().encode(List.of(disc(), new float[MaskEncoder.MASK])));
            assertThat(decoder.predict(codes.get(0)))
                    .isEqualTo(codec.decoder().decode(codes.subList(0, 1)).get(0));
        }
    }
}
