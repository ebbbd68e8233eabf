package io.palispark.job;

import io.palispark.token.Convention;
import java.io.Serializable;
import java.util.Set;

/**
 * What is known of the whole evaluation before any image is looked at.
 *
 * @param labels names of the ground truth's categories; detections of others are left out, as pycocotools leaves them out
 * @param hasDetectPrompts boxes are then taken from the answers to {@code detect} prompts alone
 * @param convention that the predictions were decoded by
 */
record EvaluationScope(Set<String> labels, boolean hasDetectPrompts, Convention convention) implements Serializable {}
