/**
 * The metrics of the field, each one algorithm in one class, equal to its reference evaluator. Everything here is a pure
 * function of small values, so that Spark can run the parts that are independent (one image, one category) in parallel
 * and feed the parts that need an order (one category, one corpus) as a stream.
 */
package io.palispark.evaluation;
