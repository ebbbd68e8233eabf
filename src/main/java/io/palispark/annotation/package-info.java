/** One reader per source format: annotation files in, {@link io.palispark.annotation.AnnotationRecord}s out. */
package io.palispark.annotation;
