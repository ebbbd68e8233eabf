package io.palispark.paligemma;

import io.palispark.tensor.Device;
import io.palispark.tensor.VectorMath;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** What computes the tokens after a prompt. */
sealed interface StepEngine extends AutoCloseable {

    /** Up to here {@link TokenStep} is faster than the graph where weights are bfloat16, see src/site/model.md. */
    int STREAMED_ROWS = 16;

    /** The same where a vector has fewer than {@link #WIDE_LANES} numbers: there a tile does not fit the registers. */
    int NARROW_STREAMED_ROWS = 3;

    int WIDE_LANES = 16;

    int EVERY_ROW = Integer.MAX_VALUE;

    /** What computes a token for each of {@code rows} rows instead of the graph; empty for the graph. */
    default Optional<TokenStep> forRows(int rows) {
        return Optional.empty();
    }

    /** What computes logits instead of the graph; empty for the graph. */
    default Optional<TokenStep> head() {
        return Optional.empty();
    }

    @Override
    default void close() {}

    /** The choice for a model. */
    static StepEngine of(ModelBuild build) throws IOException {
        return switch (build.steps()) {
            case GRAPH -> new Graph("as asked");
            case LOOP -> new Loop();
            case FASTER -> build.device() instanceof Device.Cuda ? new Loop() : streamed(build, 0.5);
            case STREAMED -> streamed(build, 0);
        };
    }

    /** @param leastNarrow share of the weights that have to be bfloat16: of float32 there is no less to read */
    private static StepEngine streamed(ModelBuild build, double leastNarrow) throws IOException {
        if (!(build.device() instanceof Device.Cpu cpu)) {
            return new Graph("not on the processor");
        }
        if (build.precision() != Precision.FLOAT32) {
            return new Graph("precision " + build.precision().name().toLowerCase(Locale.ROOT));
        }
        Optional<String> obstacle = VectorMath.obstacle();
        if (obstacle.isPresent()) {
            return new Graph(obstacle.get());
        }
        Optional<StepMatrices> matrices = StepMatrices.of(build.checkpoint());
        if (matrices.isEmpty()) {
            return new Graph("a matrix of the checkpoint has a type or an extent that is not streamed");
        }
        if (matrices.get().narrowShare() < leastNarrow) {
            return new Graph("most weights are float32");
        }
        return new Streamed(TokenStep.open(build.checkpoint(), matrices.get(), cpu.threads()), mostRows(build));
    }

    private static int mostRows(ModelBuild build) {
        if (build.steps() == StepPlace.STREAMED || build.weightPlace() == WeightPlace.MAPPED) {
            return EVERY_ROW;
        }
        return VectorMath.lanes() < WIDE_LANES ? NARROW_STREAMED_ROWS : STREAMED_ROWS;
    }

    /**
     * ONNX Runtime, whatever the number of rows.
     *
     * @param reason why nothing else is used
     */
    record Graph(String reason) implements StepEngine {
        @Override
        public String toString() {
            return "ONNX Runtime (" + reason + ")";
        }
    }

    /** ONNX Runtime, which chooses the tokens too and goes on by itself. */
    record Loop() implements StepEngine {
        @Override
        public String toString() {
            return "ONNX Runtime, many tokens a call";
        }
    }

    /**
     * The JVM for few rows, ONNX Runtime for more.
     *
     * @param most rows of the first
     */
    record Streamed(TokenStep step, int most) implements StepEngine {
        @Override
        public Optional<TokenStep> forRows(int rows) {
            return rows <= most ? Optional.of(step) : Optional.empty();
        }

        @Override
        public Optional<TokenStep> head() {
            return Optional.of(step);
        }

        @Override
        public void close() {
            step.close();
        }

        @Override
        public String toString() {
            return most == EVERY_ROW ? "the JVM" : "the JVM up to " + most + " rows, ONNX Runtime for more";
        }
    }
}
