package io.palispark.paligemma;

/** Where the tokens after a prompt are computed. */
enum StepPlace {
    /** In ONNX Runtime, like the prompt. */
    GRAPH,
    /** On an accelerator as in {@link #LOOP}; on the processor in the JVM where that is possible and measured faster, else in ONNX Runtime. */
    FASTER,
    /** In the JVM where that is possible, however many rows there are and whatever it takes. */
    STREAMED,
    /** In ONNX Runtime, many at a time: the graph goes on by itself, as it does on an accelerator. */
    LOOP
}
