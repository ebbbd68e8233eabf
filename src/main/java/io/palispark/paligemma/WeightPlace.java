package io.palispark.paligemma;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Where the matrices of a float32 model on the processor lie. */
public enum WeightPlace {
    /** {@link #WIDENED} while that leaves memory for the rest, else {@link #MAPPED}. */
    AUTO,
    /** In memory as float32 in the order that products read: 4 bytes a weight, made when the model is loaded. */
    WIDENED,
    /** In their files, which are mapped: each is widened for a product and forgotten after it. Prompts take longer. */
    MAPPED;

    /** Share of the memory that widened weights may take; files that are mapped beside them take half as much. */
    private static final double LARGEST_SHARE = 0.6;

    /** The place in the memory of this machine, or container. */
    WeightPlace forThisMachine(long weights) {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return within(weights, system.getTotalMemorySize());
    }

    /** The place of so many weights within so many bytes of memory, either of the two others. */
    WeightPlace within(long weights, long memory) {
        return switch (this) {
            case WIDENED, MAPPED -> this;
            case AUTO -> (double) weights * Float.BYTES <= LARGEST_SHARE * memory ? WIDENED : MAPPED;
        };
    }
}
