package io.palispark.job;

import io.palispark.spark.AnnotationFiles;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.ReadingNotes;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;

/** A job failed because executors ended, and these are the pictures that they had begun to read last. */
public final class DeadlyPictureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private DeadlyPictureException(String message, Exception cause) {
        super(message, cause);
    }

    /** What reads pictures in tasks. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    /**
     * Runs the work of a job.
     *
     * @throws DeadlyPictureException where it fails and a picture can be named
     */
    static <T> T named(JavaSparkContext spark, CommittedFolder output, Work<T> work) throws IOException {
        ReadingNotes.begin(spark, output);
        try {
            return work.run();
        } catch (Exception failure) {
            Map<String, Integer> times = isOfTasks(failure) ? left(output, failure) : Map.of();
            if (times.isEmpty()) {
                throw failure;
            }
            throw new DeadlyPictureException(message(times), failure);
        } finally {
            ReadingNotes.end(spark);
        }
    }

    private static boolean isOfTasks(Exception failure) {
        return Stream.iterate((Throwable) failure, cause -> cause != null, Throwable::getCause)
                .anyMatch(SparkException.class::isInstance);
    }

    private static Map<String, Integer> left(CommittedFolder output, Exception failure) {
        try {
            return ReadingNotes.left(output);
        } catch (IOException unreadable) {
            failure.addSuppressed(unreadable);
            return Map.of();
        }
    }

    /** The innocent that were read beside the guilty one ended less often. */
    private static String message(Map<String, Integer> times) {
        int most = times.values().stream().max(Integer::compare).orElseThrow();
        List<String> pictures = times.entrySet().stream()
                .filter(picture -> picture.getValue() == most)
                .map(Map.Entry::getKey)
                .toList();
        return "executors ended after they had begun to read " + AnnotationFiles.shortened(pictures) + " (" + most
                + " times in repeated tasks). Take it out of the input, or see with inspect image what ends the process";
    }
}
