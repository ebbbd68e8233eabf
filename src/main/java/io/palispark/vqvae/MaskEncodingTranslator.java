package io.palispark.vqvae;

import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.palispark.tensor.ObjectBatch;
import io.palispark.token.SegmentationCodes;

/** Soft masks, 64 x 64, row-major, 0 to 1, to codes, through a DJL {@code Predictor} of {@link MaskCodecEngine}. */
public final class MaskEncodingTranslator implements Translator<float[], SegmentationCodes> {

    @Override
    public Batchifier getBatchifier() {
        return new ObjectBatch();
    }

    @Override
    public NDList processInput(TranslatorContext context, float[] mask) {
        if (mask.length != MaskEncoder.MASK) {
            throw new IllegalArgumentException(
                    "Cannot encode a mask of " + mask.length + " numbers: it takes " + MaskEncoder.MASK);
        }
        return ObjectBatch.of(mask);
    }

    @Override
    public SegmentationCodes processOutput(TranslatorContext context, NDList output) {
        return ObjectBatch.only(output, SegmentationCodes.class);
    }
}
