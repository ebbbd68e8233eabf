package io.palispark.paligemma;

import io.palispark.tensor.GraphValue;

/**
 * Where the layers of a graph find the keys and values of earlier tokens and leave those of all tokens. Both are
 * [rows, keyValueHeads, columns, headSize].
 */
interface LayerMemory {

    /** Keys of all tokens, those of the new ones given. */
    GraphValue keys(int layer, GraphValue added);

    /** Values of all tokens, those of the new ones given. */
    GraphValue values(int layer, GraphValue added);
}
