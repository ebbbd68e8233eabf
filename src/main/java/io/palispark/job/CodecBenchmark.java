package io.palispark.job;

import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.vqvae.CodecThroughput;
import io.palispark.vqvae.MaskCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * {@code prepare} from COCO JSON to committed rows and {@code decode} from there to committed masks, held against the bare
 * networks on the same cores.
 */
public final class CodecBenchmark {

    private static final int KERNEL_MASKS = 4096;

    private CodecBenchmark() {}

    /**
     * @param threads that the bare networks and the job had
     * @param encoded masks a second of the bare encoder
     * @param decoded masks a second of the bare decoder
     * @param prepared masks a second of whole prepare runs, the median, Spark's start not counted
     * @param answered masks a second of whole decode runs, likewise
     * @param objects in the made dataset
     */
    public record Result(int threads, double encoded, double decoded, double prepared, double answered, int objects) {

        /** What a terminal shows. */
        public String table() {
            return """
                    threads                              %9d
                    objects of the made dataset          %9d
                    bare encoder, masks/s                %9.0f
                    prepare, masks/s                     %9.0f
                    prepare / bare encoder               %9.2f
                    bare decoder, masks/s                %9.0f
                    decode, masks/s                      %9.0f
                    decode / bare decoder                %9.2f
                    """.formatted(
                    threads, objects, encoded, prepared, prepared / encoded, decoded, answered, answered / decoded);
        }
    }

    /**
     * Runs both jobs over a made dataset after one run that warms the process up and is not counted, with the networks
     * measured between the runs, so that all meet the same machine.
     *
     * @param folder scratch space; what it holds is left there
     * @param rounds counted runs, at least 1
     */
    public static Result run(SparkSession session, Path folder, int objects, int rounds)
            throws IOException, InterruptedException {
        BenchmarkCorpus corpus = BenchmarkCorpus.write(folder, objects);
        int cores = session.sparkContext().defaultParallelism();
        prepare(session, folder.resolve("warm-up"), corpus);
        decode(session, folder.resolve("warm-up"), corpus);
        double[] prepared = new double[rounds];
        double[] answered = new double[rounds];
        double[] encoded = new double[rounds];
        double[] decoded = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            CodecThroughput kernel = CodecThroughput.measure(MaskCodec.standIn(), cores, 3, KERNEL_MASKS);
            encoded[round] = kernel.encoded();
            decoded[round] = kernel.decoded();
            Path rows = folder.resolve("round-" + round);
            prepared[round] = prepare(session, rows, corpus);
            answered[round] = decode(session, rows, corpus);
        }
        return new Result(cores, median(encoded), median(decoded), median(prepared), median(answered), objects);
    }

    private static double prepare(SparkSession session, Path rows, BenchmarkCorpus corpus) throws IOException {
        PrepareConfig config = PrepareConfig.read(
                Optional.empty(),
                List.of(
                        "input.annotations=" + corpus.annotations(),
                        "input.images=" + corpus.images(),
                        "split.near-duplicates=false",
                        "output.report-pictures=0",
                        // many parts, so that all cores are done at about the same time, as in a long run
                        "output.shard-bytes=1MiB",
                        "output.path=" + rows));
        long start = System.nanoTime();
        PrepareResult result = PrepareJob.run(session, config);
        return result.ledger().of(RowKind.OBJECT).written() * 1e9 / (System.nanoTime() - start);
    }

    private static double decode(SparkSession session, Path rows, BenchmarkCorpus corpus) throws IOException {
        DecodeConfig config = DecodeConfig.read(
                Optional.empty(),
                List.of(
                        "input.path=" + rows,
                        "input.ground-truth=" + corpus.annotations(),
                        "output.shard-bytes=1MiB",
                        "output.path=" + rows.resolveSibling(rows.getFileName() + "-decoded")));
        long start = System.nanoTime();
        DecodeResult result = DecodeJob.run(session, config);
        return result.counts().get("masks") * 1e9 / (System.nanoTime() - start);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
