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

/** {@code prepare} from COCO JSON to committed rows, held against the bare mask encoder on the same cores. */
public final class CodecBenchmark {

    private static final int KERNEL_MASKS = 4096;

    private CodecBenchmark() {}

    /**
     * @param threads that the bare networks and the job had
     * @param encoded masks a second of the bare encoder
     * @param decoded masks a second of the bare decoder
     * @param prepared masks a second of whole prepare runs, the median, Spark's start not counted
     * @param objects in the made dataset
     */
    public record Result(int threads, double encoded, double decoded, double prepared, int objects) {

        /** Share of the bare encoder's speed that the whole job reaches. */
        public double ratio() {
            return prepared / encoded;
        }

        /** What a terminal shows. */
        public String table() {
            return """
                    threads                              %9d
                    bare encoder, masks/s                %9.0f
                    bare decoder, masks/s                %9.0f
                    prepare, %9d objects, masks/s  %9.0f
                    prepare / bare encoder               %9.2f
                    """.formatted(threads, encoded, decoded, objects, prepared, ratio());
        }
    }

    /**
     * Runs {@code prepare} over a made dataset after one run that warms the process up and is not counted, with the
     * kernel measured between the runs, so that both meet the same machine.
     *
     * @param folder scratch space; what it holds is left there
     * @param rounds counted runs, at least 1
     */
    public static Result run(SparkSession session, Path folder, int objects, int rounds)
            throws IOException, InterruptedException {
        BenchmarkCorpus corpus = BenchmarkCorpus.write(folder, objects);
        int cores = session.sparkContext().defaultParallelism();
        prepare(session, folder, "warm-up", corpus);
        double[] prepared = new double[rounds];
        double[] encoded = new double[rounds];
        double[] decoded = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            CodecThroughput kernel = CodecThroughput.measure(MaskCodec.standIn(), cores, 3, KERNEL_MASKS);
            encoded[round] = kernel.encoded();
            decoded[round] = kernel.decoded();
            prepared[round] = prepare(session, folder, "round-" + round, corpus);
        }
        return new Result(cores, median(encoded), median(decoded), median(prepared), objects);
    }

    private static double prepare(SparkSession session, Path folder, String name, BenchmarkCorpus corpus)
            throws IOException {
        PrepareConfig config = PrepareConfig.read(
                Optional.empty(),
                List.of(
                        "input.annotations=" + corpus.annotations(),
                        "input.images=" + corpus.images(),
                        "split.near-duplicates=false",
                        "output.report-pictures=0",
                        // many parts, so that all cores are done at about the same time, as in a long run
                        "output.shard-bytes=1MiB",
                        "output.path=" + folder.resolve(name)));
        long start = System.nanoTime();
        PrepareResult result = PrepareJob.run(session, config);
        return result.ledger().of(RowKind.OBJECT).written() * 1e9 / (System.nanoTime() - start);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
