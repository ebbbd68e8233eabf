package io.palispark.annotation;

import java.io.Serializable;

/**
 * One thing wrong with one input record.
 *
 * @param source name of the annotation file as given
 * @param image image id or file name, empty when unknown
 * @param object object, caption or question id, empty when the finding is about a file or an image
 * @param reason the cause
 * @param outcome what was done about it
 * @param detail the value and where it stood, for a person
 */
public record Finding(String source, String image, String object, ReasonCode reason, Outcome outcome, String detail)
        implements Serializable {}
