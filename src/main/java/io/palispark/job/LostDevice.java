package io.palispark.job;

import io.palispark.tensor.InferenceException;
import org.apache.spark.SparkEnv;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of an executor whose device is lost: Spark runs its tasks again in a new process. */
final class LostDevice {

    /** Exit code of the executor, as {@code EX_TEMPFAIL}: trying again may help. */
    private static final int EXIT = 75;

    private static final Logger LOG = LoggerFactory.getLogger(LostDevice.class);

    private LostDevice() {}

    /**
     * Ends this process where it is an executor; does nothing in the driver, whose tasks fail with the exception.
     * Halts, as shutdown hooks that free the device would wait for it.
     */
    static void endExecutor(InferenceException cause) {
        SparkEnv environment = SparkEnv.get();
        if (environment != null && !environment.executorId().equals("driver")) {
            LOG.error("This executor ends, as its device is lost to the process", cause);
            Runtime.getRuntime().halt(EXIT);
        }
    }
}
