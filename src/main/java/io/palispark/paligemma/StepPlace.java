package io.palispark.paligemma;

/** Where the tokens after a prompt are computed. */
enum StepPlace {
    /** In ONNX Runtime, like the prompt. */
    GRAPH,
    /** In the JVM where that is possible and measured faster, otherwise in ONNX Runtime. */
    FASTER,
    /** In the JVM where that is possible, however many rows there are and whatever it takes. */
    STREAMED
}
