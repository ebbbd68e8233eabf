package io.palispark.tensor;

import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.util.passthrough.PassthroughNDArray;
import java.util.Arrays;

/**
 * Objects in DJL's lists, one each, so that a DJL pipeline carries what an {@link ObjectEngine} computes on. A batch is
 * the list of its members.
 */
public final class ObjectBatch implements Batchifier {

    private static final long serialVersionUID = 1L;

    /** A list that holds one object. */
    public static NDList of(Object value) {
        return new NDList(new PassthroughNDArray(value));
    }

    /** The object of a list that {@link #of} made. */
    public static <T> T only(NDList list, Class<T> type) {
        return type.cast(((PassthroughNDArray) list.singletonOrThrow()).getObject());
    }

    @Override
    public NDList batchify(NDList[] inputs) {
        NDList batch = new NDList(inputs.length);
        Arrays.stream(inputs).forEach(batch::addAll);
        return batch;
    }

    @Override
    public NDList[] unbatchify(NDList batch) {
        return batch.stream().map(NDList::new).toArray(NDList[]::new);
    }
}
