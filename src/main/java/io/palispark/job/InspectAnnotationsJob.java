package io.palispark.job;

import io.palispark.annotation.AnnotationFormat;
import io.palispark.annotation.AnnotationInput;
import io.palispark.annotation.AnnotationPlan;
import io.palispark.annotation.AnnotationSource;
import io.palispark.annotation.Frame;
import io.palispark.annotation.PictureNames;
import io.palispark.annotation.ReadLimits;
import io.palispark.image.ImageLimits;
import io.palispark.spark.ImageFolder;
import io.palispark.spark.ImageSource;
import io.palispark.spark.PictureFrames;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code inspect annotations}, without Spark: what the readers and checks see in files of the local file system.
 *
 * @param paths annotation files, or dataset folders
 * @param format how to read them; empty tells it from their content
 * @param images the image root; empty believes the declared sizes
 * @param whenAmbiguous the frame of annotations where sizes cannot tell
 */
public record InspectAnnotationsJob(
        List<Path> paths, Optional<AnnotationFormat> format, Optional<Path> images, Frame whenAmbiguous) {

    /**
     * The job of command line words.
     *
     * @param format auto or a format's label
     * @param policy stored or upright
     * @throws ConfigException for words that are none of these
     */
    public static InspectAnnotationsJob of(List<Path> paths, String format, Optional<Path> images, String policy) {
        List<String> problems = new ArrayList<>();
        Optional<AnnotationFormat> known = AnnotationFormat.ofLabel(format);
        if (known.isEmpty() && !format.equals("auto")) {
            problems.add("--format: '" + format + "' is not one of auto | " + AnnotationFormat.labels());
        }
        Optional<Frame> frame = Arrays.stream(Frame.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(policy))
                .findFirst();
        if (frame.isEmpty()) {
            problems.add("--exif-policy: '" + policy + "' is not one of stored | upright");
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new InspectAnnotationsJob(paths, known, images, frame.orElseThrow());
    }

    /** The words that name a format. */
    public static List<String> formats() {
        return Stream.concat(
                        Stream.of("auto"),
                        Arrays.stream(AnnotationFormat.values()).map(AnnotationFormat::label))
                .toList();
    }

    /**
     * Writes one JSON line a record and the counts as the last.
     *
     * @param log takes one line a file: its format and how it was told
     * @throws IOException when a file cannot be had; bad content is a line
     */
    public void run(PrintWriter out, PrintWriter log) throws IOException {
        Optional<ImageSource> folder =
                images.map(path -> new ImageFolder(Storage.withoutSession(), path.toString(), ImageLimits.DEFAULT));
        PictureFrames pictures = new PictureFrames(folder, whenAmbiguous, ImageLimits.DEFAULT);
        AnnotationReport report = new AnnotationReport(ReadLimits.DEFAULT, pictures, out::println);
        List<AnnotationSource> sources = sources();
        AnnotationPlan plan = images.isEmpty()
                ? AnnotationPlan.of(sources, format, ReadLimits.DEFAULT)
                : AnnotationPlan.of(sources, pictureNames(images.get()), format, ReadLimits.DEFAULT);
        for (AnnotationInput input : plan.inputs()) {
            log.println(input.name() + ": " + input.format() + " (" + input.why() + ")");
            report.describe(input);
        }
        plan.unread().forEach(name -> log.println(name + ": not read, as no format knows it"));
        out.println(report.counts());
    }

    private List<AnnotationSource> sources() throws IOException {
        List<AnnotationSource> sources = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                for (String name : namesBelow(path)) {
                    sources.add(AnnotationSource.of(path.resolve(name), name));
                }
            } else {
                sources.add(AnnotationSource.of(path));
            }
        }
        return sources;
    }

    private static PictureNames pictureNames(Path folder) {
        return new PictureNames(() -> {
            try {
                return namesBelow(folder);
            } catch (IOException unreadable) {
                throw new UncheckedIOException("Cannot list the pictures at " + folder, unreadable);
            }
        });
    }

    /** Relative, with forward slashes, sorted; hidden files and folders are left out as in the jobs. */
    private static List<String> namesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> !("/" + name).contains("/.") && !("/" + name).contains("/_"))
                    .sorted()
                    .toList();
        }
    }
}
