package io.palispark.vqvae;

import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.RunLengthMask;
import io.palispark.token.SegmentationCodes;
import io.palispark.token.TokenVocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One mask to codes, one mask from codes, one mask pasted; the networks work on batches of 64 in one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class MaskCodecBenchmark {

    private static final int BATCH = 64;

    private final MaskCodec codec = MaskCodec.standIn();
    private final List<float[]> softMasks = new ArrayList<>();
    private final List<SegmentationCodes> codes = new ArrayList<>();
    private float[] decoded;

    @Setup
    public void prepare() {
        Random random = new Random(5);
        for (int i = 0; i < BATCH; i++) {
            float[] mask = new float[MaskEncoder.MASK];
            for (int at = 0; at < mask.length; at++) {
                mask[at] = at / MaskCodecWeights.SIDE < i ? 1 : 0;
            }
            softMasks.add(mask);
            codes.add(SegmentationCodes.of(random.ints(SegmentationCodes.COUNT, 0, TokenVocabulary.SEGMENTS)
                    .toArray()));
        }
        decoded = codec.decoder().decode(codes).get(0);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public List<SegmentationCodes> encode() {
        return codec.encoder().encode(softMasks);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public List<float[]> decode() {
        return codec.decoder().decode(codes);
    }

    @Benchmark
    public RunLengthMask paste() {
        return MaskPaster.paste(decoded, new PixelBox(100, 200, 250, 400), new ImageSize(480, 640));
    }
}
