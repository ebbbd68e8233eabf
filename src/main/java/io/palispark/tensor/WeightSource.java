package io.palispark.tensor;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Named tensors of a checkpoint. Nothing is read before it is asked for. */
public interface WeightSource {

    /** All names, in no particular order. */
    Set<String> names();

    /** Type and extents of one tensor. Throws {@link IllegalArgumentException} for a name that is not there. */
    TensorLayout layout(String name);

    /**
     * One tensor. Fails for more than 2^31-1 bytes, the limit of a Java buffer; {@link #rowBlocks} has no such limit.
     */
    Tensor tensor(String name) throws IOException;

    /**
     * One tensor cut along its outermost axis into blocks of at most {@code blockBytes} bytes, in order. A tensor that
     * fits is one block.
     */
    List<Tensor> rowBlocks(String name, long blockBytes) throws IOException;
}
