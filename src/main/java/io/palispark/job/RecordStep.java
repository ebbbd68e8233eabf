package io.palispark.job;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a {@link RecordPipe} does with each record. */
@FunctionalInterface
public interface RecordStep {

    /**
     * Answers one record.
     *
     * @param record as read, with an {@code id}
     * @param answer holds the id; the step adds the rest
     */
    void answer(ObjectNode record, ObjectNode answer) throws RecordReject;
}
