package io.palispark.vqvae;

import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.palispark.tensor.ObjectBatch;
import io.palispark.token.SegmentationCodes;

/**
 * Codes to masks as {@link MaskDecoder#decode} gives them, through a DJL {@code Predictor} of {@link MaskCodecEngine}.
 */
public final class MaskDecodingTranslator implements Translator<SegmentationCodes, float[]> {

    @Override
    public Batchifier getBatchifier() {
        return new ObjectBatch();
    }

    @Override
    public NDList processInput(TranslatorContext context, SegmentationCodes codes) {
        return ObjectBatch.of(codes);
    }

    @Override
    public float[] processOutput(TranslatorContext context, NDList output) {
        return ObjectBatch.only(output, float[].class);
    }
}
