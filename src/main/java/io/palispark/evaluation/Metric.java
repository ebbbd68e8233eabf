package io.palispark.evaluation;

import java.util.OptionalDouble;

/**
 * One number of a report.
 *
 * @param name as the field writes it, such as {@code AP50}
 * @param value empty where nothing was there to measure (COCO prints -1)
 */
public record Metric(String name, OptionalDouble value) {}
