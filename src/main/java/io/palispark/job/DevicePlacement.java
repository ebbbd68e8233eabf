package io.palispark.job;

import io.palispark.tensor.Device;
import io.palispark.tensor.InferenceException;
import io.palispark.tensor.InferenceSession;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/**
 * Which device a task computes on: the accelerator that Spark gave it. An accelerator that was asked for and is not there
 * is an error, never a reason to compute elsewhere.
 */
final class DevicePlacement {

    private static final String RESOURCE = "gpu";
    private static final String OF_EXECUTOR = "spark.executor.resource.gpu.amount";
    private static final String OF_TASK = "spark.task.resource.gpu.amount";

    private DevicePlacement() {}

    /**
     * Refuses settings under which tasks would wait for ever, share a device, or find none.
     *
     * @throws InferenceException with what to do
     */
    static void check(GenerateConfig.Model model, SparkConf spark) {
        boolean local = spark.get("spark.master", "").matches("local(\\[[^]]*])?");
        switch (model.processor()) {
            case CPU -> {
                if (local && spark.contains(OF_TASK)) {
                    throw refused("Spark in local mode has no accelerators to give and its tasks would wait for ever;"
                            + " leave " + OF_TASK + " out");
                }
            }
            case CUDA -> {
                if (local) {
                    InferenceSession.requireAvailable(model.device(0));
                } else if (!spark.get(OF_TASK, "").equals("1") || !spark.contains(OF_EXECUTOR)) {
                    throw refused("model.device = cuda needs one accelerator a task; submit with --conf " + OF_TASK
                            + "=1 --conf " + OF_EXECUTOR + "=1 and a discovery script");
                }
            }
        }
    }

    /** The device of the running task. */
    static Device ofTask(GenerateConfig.Model model) {
        return model.device(
                switch (model.processor()) {
                    case CPU -> 0;
                    case CUDA -> ordinal(ofTask());
                });
    }

    /** What Spark gave the running task; empty in local mode. */
    static Map<String, ResourceInformation> ofTask() {
        TaskContext task = TaskContext.get();
        return task == null ? Map.of() : task.resourcesJMap();
    }

    /** In local mode, which gives no resources, the first device. */
    static int ordinal(Map<String, ResourceInformation> resources) {
        ResourceInformation given = resources.get(RESOURCE);
        if (given == null) {
            return 0;
        }
        String[] addresses = given.addresses();
        if (addresses.length != 1 || !addresses[0].matches("\\d{1,4}")) {
            throw refused("the task was given the addresses " + String.join(", ", addresses)
                    + "; one number is needed, as CUDA counts devices");
        }
        return Integer.parseInt(addresses[0]);
    }

    private static InferenceException refused(String reason) {
        return new InferenceException("Cannot place the model: " + reason);
    }
}
