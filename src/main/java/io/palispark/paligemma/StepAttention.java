package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.StreamedMatrix;
import io.palispark.tensor.Tensor;
import io.palispark.tensor.VectorMath;
import io.palispark.tensor.WorkTeam;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Attention of one new token of each row over the cache, as {@link GemmaBlock} has it in a graph.
 *
 * @param cosines of the new token's position, [rows, headSize / 2]
 * @param sines likewise
 */
record StepAttention(TextConfig text, WorkTeam team, KvCache past, float[] cosines, float[] sines) {

    static StepAttention of(TextConfig text, WorkTeam team, KvCache past) {
        int pairs = text.headSize() / 2;
        int[] padding = past.padding();
        float[] cosines = new float[padding.length * pairs];
        float[] sines = new float[padding.length * pairs];
        for (int row = 0; row < padding.length; row++) {
            float position = past.columns() + 1 - padding[row];
            for (int i = 0; i < pairs; i++) {
                float angle = position * (float) Math.pow(text.ropeTheta(), -2.0 * i / text.headSize());
                cosines[row * pairs + i] = (float) Math.cos(angle);
                sines[row * pairs + i] = (float) Math.sin(angle);
            }
        }
        return new StepAttention(text, team, past, cosines, sines);
    }

    /** Turns heads [rows, heads, headSize] to their row's position, in place. */
    void rotate(float[] heads, int count) {
        int pairs = text.headSize() / 2;
        for (int row = 0; row < past.rows(); row++) {
            for (int head = 0; head < count; head++) {
                int first = (row * count + head) * text.headSize();
                for (int i = 0; i < pairs; i++) {
                    float cosine = cosines[row * pairs + i];
                    float sine = sines[row * pairs + i];
                    float a = heads[first + i];
                    float b = heads[first + pairs + i];
                    heads[first + i] = a * cosine - b * sine;
                    heads[first + pairs + i] = b * cosine + a * sine;
                }
            }
        }
    }

    /**
     * The mixed values of every head, [rows, heads, headSize].
     *
     * @param queries rotated, [rows, heads, headSize]
     * @param keys of the new token, rotated, [rows, keyValueHeads, headSize]
     * @param values of the new token, likewise
     * @param present memory of the grown cache, by output name of {@link GemmaGraph}
     */
    float[] mix(int layer, float[] queries, float[] keys, float[] values, Map<String, Tensor> present) {
        Tensor allKeys = present.get(GemmaGraph.keys(layer));
        Tensor allValues = present.get(GemmaGraph.values(layer));
        Tensor pastKeys = past.tensors().get(GemmaGraph.pastKeys(layer));
        Tensor pastValues = past.tensors().get(GemmaGraph.pastValues(layer));
        float[] mixed = new float[past.rows() * text.heads() * text.headSize()];
        int[] padding = past.padding();
        team.share(past.rows() * text.keyValueHeads(), place -> {
            ByteBuffer keyPlace = append(allKeys, pastKeys, keys, place);
            ByteBuffer valuePlace = append(allValues, pastValues, values, place);
            mixGroup(
                    queries,
                    place,
                    keyPlace,
                    valuePlace,
                    firstSeen(layer, padding[place / text.keyValueHeads()]),
                    mixed);
        });
        return mixed;
    }

    private int firstSeen(int layer, int hidden) {
        return text.slides(layer) ? Math.max(hidden, past.columns() + 1 - text.window()) : hidden;
    }

    /** Copies one row and head of the cache and puts the new entry behind it; the memory of both. */
    private ByteBuffer append(Tensor all, Tensor before, float[] added, int place) {
        int bytes = text.headSize() * Float.BYTES;
        int columns = past.columns();
        ByteBuffer target = all.buffer()
                .slice(place * (columns + 1) * bytes, (columns + 1) * bytes)
                .order(all.buffer().order());
        target.duplicate().put(before.buffer().slice(place * columns * bytes, columns * bytes));
        target.position(columns * bytes);
        target.asFloatBuffer().put(added, place * text.headSize(), text.headSize());
        return target;
    }

    /** All heads that share the keys of one place of the cache, so that these are read once. */
    private void mixGroup(float[] queries, int place, ByteBuffer keys, ByteBuffer values, int from, float[] mixed) {
        int size = text.headSize();
        int heads = text.heads() / text.keyValueHeads();
        int columns = past.columns() + 1;
        // a product has a few outputs at least
        int first = Math.min(from, columns - StreamedMatrix.LEAST_OUTPUTS);
        int count = columns - first;
        int bytes = size * Float.BYTES;
        int apart = VectorMath.wholeVectors(count);
        float[] scores = scores(queries, place, keys.slice(first * bytes, count * bytes), count, apart);
        for (int head = 0; head < heads; head++) {
            int at = head * apart;
            text.attentionCap().ifPresent(cap -> VectorMath.bend(scores, at, apart, (float) cap));
            Arrays.fill(scores, at, at + from - first, Float.NEGATIVE_INFINITY);
            Arrays.fill(scores, at + count, at + apart, Float.NEGATIVE_INFINITY);
            VectorMath.softmax(scores, at, apart);
        }
        ByteBuffer seen = values.slice(first * bytes, count * bytes).order(values.order());
        VectorMath.mix(seen, count, size, scores, apart, heads, mixed, place * heads * size);
    }

    /** Of every head of a place with each column, [heads, apart]. */
    private float[] scores(float[] queries, int place, ByteBuffer keys, int columns, int apart) {
        int size = text.headSize();
        int heads = text.heads() / text.keyValueHeads();
        float[] scaled = Arrays.copyOfRange(queries, place * heads * size, (place + 1) * heads * size);
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= (float) text.attentionScale();
        }
        StreamedMatrix matrix = new StreamedMatrix(List.of(Tensor.over(ElementType.FLOAT32, keys, columns, size)));
        StreamedMatrix.Factors factors = matrix.factors(scaled, heads);
        float[] scores = new float[heads * apart];
        for (int part = 0; part < matrix.parts(); part++) {
            int from = matrix.firstOutput(part);
            int own = matrix.firstOutput(part + 1) - from;
            float[] some = matrix.multiply(factors, part);
            for (int head = 0; head < heads; head++) {
                System.arraycopy(some, head * own, scores, head * apart + from, own);
            }
        }
        return scores;
    }
}
