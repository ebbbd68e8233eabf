package io.palispark.vqvae;

import io.palispark.tensor.Device;
import io.palispark.tensor.ElementType;
import io.palispark.tensor.InferenceSession;
import io.palispark.tensor.SharedSessions;
import io.palispark.tensor.Tensor;
import io.palispark.token.SegmentationCodes;
import io.palispark.token.TokenVocabulary;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Soft masks to codes, equal to big_vision's {@code encode_to_codebook_indices}. Safe for concurrent use: all encoders
 * of one weights file and device share one session of the process.
 */
public final class MaskEncoder {

    /** Numbers of one soft mask: 64 x 64, row-major, 0 to 1, not thresholded. */
    public static final int MASK = MaskCodecWeights.SIDE * MaskCodecWeights.SIDE;

    private static final int DISTANCES = SegmentationCodes.COUNT * TokenVocabulary.SEGMENTS;

    private final InferenceSession session;
    private final BatchBuffers buffers = new BatchBuffers(() -> Map.of(
            "masks",
                    Tensor.allocate(
                            ElementType.FLOAT32, BatchBuffers.BATCH, 1, MaskCodecWeights.SIDE, MaskCodecWeights.SIDE),
            "codes", Tensor.allocate(ElementType.INT64, BatchBuffers.BATCH, SegmentationCodes.COUNT),
            "distances",
                    Tensor.allocate(
                            ElementType.FLOAT32,
                            BatchBuffers.BATCH,
                            SegmentationCodes.COUNT,
                            TokenVocabulary.SEGMENTS)));

    MaskEncoder(MaskCodecWeights weights, Device device) {
        session = SharedSessions.session(weights.sha256() + "/encoder", device, weights::encoderGraph);
    }

    /**
     * What the encoder saw in one mask.
     *
     * @param codes the nearest codebook vector of each cell
     * @param distances 16 x 128: how far each codebook vector is from each cell's, squared, up to one constant per cell
     */
    public record Encoding(SegmentationCodes codes, float[] distances) {

        /** The {@code count} codes nearest to one cell, nearest first, lower codes first on ties. */
        public int[] nearest(int cell, int count) {
            int[] nearest = new int[count];
            int found = 0;
            for (int code = 0; code < TokenVocabulary.SEGMENTS; code++) {
                int at = found < count ? found++ : count;
                while (at > 0 && distance(cell, code) < distance(cell, nearest[at - 1])) {
                    if (at < count) {
                        nearest[at] = nearest[at - 1];
                    }
                    at--;
                }
                if (at < count) {
                    nearest[at] = code;
                }
            }
            return nearest;
        }

        private float distance(int cell, int code) {
            return distances[cell * TokenVocabulary.SEGMENTS + code];
        }
    }

    /** The codes of each mask, in order. */
    public List<SegmentationCodes> encode(List<float[]> softMasks) {
        List<SegmentationCodes> codes = new ArrayList<>(softMasks.size());
        for (int from = 0; from < softMasks.size(); from += BatchBuffers.BATCH) {
            List<float[]> batch = softMasks.subList(from, Math.min(softMasks.size(), from + BatchBuffers.BATCH));
            codes.addAll(buffers.lend(lent -> {
                run(batch, lent, List.of("codes"));
                return codes(lent.get("codes"), batch.size());
            }));
        }
        return codes;
    }

    /** The codes of each mask with all distances, in order. */
    public List<Encoding> encodeWithDistances(List<float[]> softMasks) {
        List<Encoding> encodings = new ArrayList<>(softMasks.size());
        for (int from = 0; from < softMasks.size(); from += BatchBuffers.BATCH) {
            List<float[]> batch = softMasks.subList(from, Math.min(softMasks.size(), from + BatchBuffers.BATCH));
            encodings.addAll(buffers.lend(lent -> {
                run(batch, lent, List.of("codes", "distances"));
                return encodings(lent, batch.size());
            }));
        }
        return encodings;
    }

    private void run(List<float[]> batch, Map<String, Tensor> lent, List<String> wanted) {
        FloatBuffer input = lent.get("masks").buffer().asFloatBuffer();
        for (float[] mask : batch) {
            if (mask.length != MASK) {
                throw new IllegalArgumentException(
                        "Cannot encode a mask of " + mask.length + " numbers: 64 x 64 are needed");
            }
            input.put(mask);
        }
        Map<String, Tensor> outputs = new java.util.LinkedHashMap<>();
        wanted.forEach(name -> outputs.put(name, lent.get(name).first(batch.size())));
        session.run(Map.of("masks", lent.get("masks").first(batch.size())), outputs);
    }

    private static List<Encoding> encodings(Map<String, Tensor> lent, int count) {
        FloatBuffer distances = lent.get("distances").buffer().asFloatBuffer();
        List<Encoding> encodings = new ArrayList<>(count);
        for (SegmentationCodes codes : codes(lent.get("codes"), count)) {
            float[] own = new float[DISTANCES];
            distances.get(own);
            encodings.add(new Encoding(codes, own));
        }
        return encodings;
    }

    private static List<SegmentationCodes> codes(Tensor tensor, int count) {
        LongBuffer source = tensor.buffer().asLongBuffer();
        List<SegmentationCodes> all = new ArrayList<>(count);
        int[] codes = new int[SegmentationCodes.COUNT];
        for (int i = 0; i < count; i++) {
            for (int cell = 0; cell < codes.length; cell++) {
                codes[cell] = (int) source.get();
            }
            all.add(SegmentationCodes.of(codes));
        }
        return all;
    }
}
