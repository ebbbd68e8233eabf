/**
 * Weights files, ONNX graphs built in the JVM and the sessions that run them. The only package that knows ONNX Runtime;
 * imports nothing else of Palispark.
 */
package io.palispark.tensor;
