package io.palispark.paligemma;

/** In which numbers the matrices of a model are multiplied. Norms, softmax and everything between are float32. */
public enum Precision {
    /** As the references are compared. */
    FLOAT32,
    /** Weights in 8 bits with a scale an output, activations in 8 bits with a scale a row. For the processor. */
    INT8,
    /** Weights in 4 bits with a scale for each 32 inputs; the output head in 8 bits. For the processor. */
    INT4
}
