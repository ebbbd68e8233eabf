package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.SparkFixture;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class JobStepsTest {

    private final JavaSparkContext spark =
            JavaSparkContext.fromSparkContext(SparkFixture.session().sparkContext());
    private final StageNames stages = new StageNames();

    @BeforeEach
    void listen() {
        spark.sc().addSparkListener(stages);
    }

    @AfterEach
    void listenNoMore() {
        spark.sc().removeSparkListener(stages);
    }

    private static final class StageNames extends SparkListener {
        private final BlockingQueue<List<String>> submitted = new LinkedBlockingQueue<>();

        @Override
        public void onStageSubmitted(SparkListenerStageSubmitted stage) {
            submitted.add(List.of(
                    stage.stageInfo().name(),
                    stage.properties().getProperty("spark.jobGroup.id", ""),
                    stage.properties().getProperty("spark.job.description", "")));
        }
    }

    @Test
    void stagesHaveTheNameOfTheirStepAndTheGroupOfTheirJob() throws InterruptedException {
        try (JobSteps steps = new JobSteps(spark, "prepare")) {
            steps.begin("Encode objects", "s3://user:secret@bucket/rows");
            spark.parallelize(List.of(1, 2), 2).map(number -> number + 1).collect();
        }

        assertThat(stages.submitted.poll(20, TimeUnit.SECONDS))
                .containsExactly(
                        "prepare: Encode objects",
                        "palispark-prepare",
                        "prepare: Encode objects (s3://redacted@bucket/rows)");
    }

    @Test
    void logLinesOfDriverAndTasksHaveTheRunsId() {
        String id = "prepare-" + spark.sc().applicationId();
        try (JobSteps steps = new JobSteps(spark, "prepare")) {
            assertThat(MDC.get(JobSteps.LOGGED)).isEqualTo(id);
            assertThat(spark.parallelize(List.of(1), 1)
                            .map(number -> MDC.get(JobSteps.LOGGED))
                            .collect())
                    .containsExactly(id);
            assertThat(steps.runBlock().path("id").asText()).isEqualTo(id);
        }
        assertThat(MDC.get(JobSteps.LOGGED)).isNull();
        assertThat(spark.getLocalProperty(JobSteps.LOGGED)).isNull();
    }

    @Test
    void everyStepIsTimedInItsOrder() throws InterruptedException {
        try (JobSteps steps = new JobSteps(spark, "prepare")) {
            steps.begin("Read annotations", "a file");
            Thread.sleep(30);
            steps.begin("Publish", "a folder");
            JsonNode run = steps.runBlock();

            assertThat(run.path("steps").fieldNames()).toIterable().containsExactly("Read annotations", "Publish");
            assertThat(run.path("steps").path("Read annotations").asDouble()).isGreaterThanOrEqualTo(0.03);
            assertThat(run.path("seconds").asDouble())
                    .isGreaterThanOrEqualTo(
                            run.path("steps").path("Read annotations").asDouble());
        }
    }
}
