package io.palispark.vqvae;

import io.palispark.tensor.Device;
import io.palispark.tensor.ElementType;
import io.palispark.tensor.InferenceSession;
import io.palispark.tensor.SharedSessions;
import io.palispark.tensor.Tensor;
import io.palispark.token.SegmentationCodes;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Codes to masks, equal to big_vision's {@code get_reconstruct_masks} within 1e-5. Safe for concurrent use: all decoders
 * of one weights file and device share one session of the process.
 */
public final class MaskDecoder {

    private final InferenceSession session;
    private final BatchBuffers buffers = new BatchBuffers(() -> Map.of(
            "codes", Tensor.allocate(ElementType.INT64, BatchBuffers.BATCH, SegmentationCodes.COUNT),
            "masks",
                    Tensor.allocate(
                            ElementType.FLOAT32, BatchBuffers.BATCH, 1, MaskCodecWeights.SIDE, MaskCodecWeights.SIDE)));

    MaskDecoder(MaskCodecWeights weights, Device device) {
        session = SharedSessions.session(weights.sha256() + "/decoder", device, weights::decoderGraph);
    }

    /** The mask of each row of codes, in order: 64 x 64, row-major, about -1 to 1, foreground above 0. */
    public List<float[]> decode(List<SegmentationCodes> codes) {
        List<float[]> masks = new ArrayList<>(codes.size());
        for (int from = 0; from < codes.size(); from += BatchBuffers.BATCH) {
            List<SegmentationCodes> batch = codes.subList(from, Math.min(codes.size(), from + BatchBuffers.BATCH));
            masks.addAll(buffers.lend(lent -> run(batch, lent)));
        }
        return masks;
    }

    private List<float[]> run(List<SegmentationCodes> batch, Map<String, Tensor> lent) {
        LongBuffer input = lent.get("codes").buffer().asLongBuffer();
        for (SegmentationCodes codes : batch) {
            for (int cell = 0; cell < SegmentationCodes.COUNT; cell++) {
                input.put(codes.code(cell));
            }
        }
        session.run(
                Map.of("codes", lent.get("codes").first(batch.size())),
                Map.of("masks", lent.get("masks").first(batch.size())));
        FloatBuffer output = lent.get("masks").buffer().asFloatBuffer();
        List<float[]> masks = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            float[] mask = new float[MaskEncoder.MASK];
            output.get(mask);
            masks.add(mask);
        }
        return masks;
    }
}
