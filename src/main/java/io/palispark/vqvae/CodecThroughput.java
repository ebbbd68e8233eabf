package io.palispark.vqvae;

import io.palispark.token.SegmentationCodes;
import io.palispark.token.TokenVocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Masks a second of the bare networks: what a job on the same cores is held against.
 *
 * @param threads callers side by side, each in its own thread
 * @param encoded masks a second through the encoder, the median round
 * @param decoded masks a second through the decoder, the median round
 */
public record CodecThroughput(int threads, double encoded, double decoded) {

    private static final int BATCH = 64;
    private static final long SEED = 20;

    /**
     * Measures a codec, after one round that is not counted.
     *
     * @param threads callers side by side, at least 1
     * @param rounds counted, at least 1
     * @param masksPerRound by each thread
     */
    public static CodecThroughput measure(MaskCodec codec, int threads, int rounds, int masksPerRound)
            throws InterruptedException {
        Random random = new Random(SEED);
        List<float[]> masks = new ArrayList<>();
        List<SegmentationCodes> codes = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            masks.add(disc(random));
            codes.add(SegmentationCodes.of(random.ints(SegmentationCodes.COUNT, 0, TokenVocabulary.SEGMENTS)
                    .toArray()));
        }
        int batches = Math.max(1, masksPerRound / BATCH);
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        try {
            double encoded = median(
                    callers, threads, rounds, batches, () -> codec.encoder().encode(masks));
            double decoded = median(
                    callers, threads, rounds, batches, () -> codec.decoder().decode(codes));
            return new CodecThroughput(threads, encoded, decoded);
        } finally {
            callers.shutdownNow();
        }
    }

    private static double median(
            ExecutorService callers, int threads, int rounds, int batches, Callable<? extends List<?>> call)
            throws InterruptedException {
        double[] rates = new double[rounds];
        round(callers, threads, batches, call);
        for (int i = 0; i < rounds; i++) {
            rates[i] = round(callers, threads, batches, call);
        }
        Arrays.sort(rates);
        return (rates[(rounds - 1) / 2] + rates[rounds / 2]) / 2;
    }

    private static double round(ExecutorService callers, int threads, int batches, Callable<? extends List<?>> call)
            throws InterruptedException {
        Callable<Integer> work = () -> {
            int done = 0;
            for (int i = 0; i < batches; i++) {
                done += call.call().size();
            }
            return done;
        };
        long start = System.nanoTime();
        long done = 0;
        try {
            for (Future<Integer> caller : callers.invokeAll(java.util.Collections.nCopies(threads, work))) {
                done += caller.get();
            }
        } catch (ExecutionException failed) {
            throw new IllegalStateException("Cannot measure the mask codec: " + failed.getCause(), failed);
        }
        return done * 1e9 / (System.nanoTime() - start);
    }

    /** A soft-edged disc: real masks are as cheap or dear as any other. */
    private static float[] disc(Random random) {
        double x = 64 * random.nextDouble();
        double y = 64 * random.nextDouble();
        double radius = 8 + 40 * random.nextDouble();
        float[] mask = new float[MaskEncoder.MASK];
        for (int i = 0; i < mask.length; i++) {
            double distance = Math.hypot(i % 64 + 0.5 - x, i / 64 + 0.5 - y);
            mask[i] = (float) Math.max(0, Math.min(1, radius - distance));
        }
        return mask;
    }
}
