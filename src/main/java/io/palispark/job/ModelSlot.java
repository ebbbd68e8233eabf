package io.palispark.job;

import io.palispark.paligemma.PaliGemma;
import io.palispark.paligemma.StandInCheckpoint;
import io.palispark.tensor.Device;
import io.palispark.tensor.InferenceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one loaded model of this process and device, and the right to call it: tasks decode pictures side by side and take
 * turns here, one at a time on an accelerator, as many as have cores on the processor. What waits is what the tasks hold,
 * a window of small squares each.
 */
final class ModelSlot {

    private static final Logger LOG = LoggerFactory.getLogger(ModelSlot.class);
    private static final Map<Key, ModelSlot> OPEN = new ConcurrentHashMap<>();

    private final PaliGemma model;
    private final Semaphore turns;

    private ModelSlot(PaliGemma model, int turns) {
        this.model = model;
        this.turns = new Semaphore(turns, true);
    }

    private record Key(GenerateConfig.Model model, Device device) {}

    /** The slot of a model, which the first task of the process loads while the others wait. */
    static ModelSlot of(GenerateConfig.Model config, Device device) {
        return OPEN.computeIfAbsent(new Key(config, device), key -> {
            try {
                PaliGemma model = open(config, device);
                LOG.info(
                        "Loaded {} on {} in process {}, tokens after the prompt by {}",
                        config.path(),
                        device,
                        ProcessHandle.current().pid(),
                        model.language().stepEngine());
                return new ModelSlot(model, turns(device));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable.getMessage(), unreadable);
            }
        });
    }

    /** Opens a model of its own. */
    static PaliGemma open(GenerateConfig.Model config, Device device) throws IOException {
        return PaliGemma.open(folder(config), config.settings(device));
    }

    static Path folder(GenerateConfig.Model config) {
        return config.isStandIn() ? StandInCheckpoint.folder() : Path.of(config.path());
    }

    private static int turns(Device device) {
        return device instanceof Device.Cpu cpu
                ? Math.max(1, Runtime.getRuntime().availableProcessors() / cpu.threads())
                : 1;
    }

    /** The model without a turn, for what computes nothing on the device. */
    PaliGemma model() {
        return model;
    }

    /** Computes when it is this caller's turn. An executor whose device is lost ends here. */
    <T> T call(Function<PaliGemma, T> work) {
        turns.acquireUninterruptibly();
        try {
            return work.apply(model);
        } catch (InferenceException failed) {
            if (failed.isDeviceLost()) {
                LostDevice.endExecutor(failed);
            }
            throw failed;
        } finally {
            turns.release();
        }
    }
}
