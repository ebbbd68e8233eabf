/** Where Palispark meets Spark and Hadoop: storage, the record shuffle, committed output and progress. */
package io.palispark.spark;
