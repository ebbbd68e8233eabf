package io.palispark.job;

import io.palispark.annotation.AnnotationFormat;
import io.palispark.annotation.AnnotationInput;
import io.palispark.annotation.AnnotationSource;
import io.palispark.annotation.Frame;
import io.palispark.annotation.ReadLimits;
import io.palispark.image.ImageLimits;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code inspect annotations}, without Spark: what the readers and checks see in files of the local file system.
 *
 * @param paths annotation files, or folders whose {@code .json} and {@code .json.gz} files are read
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
        Optional<AnnotationFormat> known = Arrays.stream(AnnotationFormat.values())
                .filter(one -> one.label().equals(format))
                .findFirst();
        if (known.isEmpty() && !format.equals("auto")) {
            String labels = Arrays.stream(AnnotationFormat.values())
                    .map(AnnotationFormat::label)
                    .collect(Collectors.joining(" | "));
            problems.add("--format: '" + format + "' is not one of auto | " + labels);
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

    /**
     * Writes one JSON line a record and the counts as the last.
     *
     * @param log takes one line a file: its format and how it was told
     * @throws IOException when a file cannot be had; bad content is a line
     */
    public void run(PrintWriter out, PrintWriter log) throws IOException {
        PictureFrames pictures = new PictureFrames(images, whenAmbiguous, ImageLimits.DEFAULT);
        AnnotationReport report = new AnnotationReport(ReadLimits.DEFAULT, pictures, out::println);
        for (AnnotationInput input : AnnotationInput.plan(sources(), format, ReadLimits.DEFAULT)) {
            log.println(input.source().name() + ": " + input.format() + " (" + input.why() + ")");
            report.describe(input);
        }
        out.println(report.counts());
    }

    private List<AnnotationSource> sources() throws IOException {
        List<AnnotationSource> sources = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                filesOf(path).forEach(file -> sources.add(AnnotationSource.of(file)));
            } else {
                sources.add(AnnotationSource.of(path));
            }
        }
        return sources;
    }

    private static List<Path> filesOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file ->
                            file.toString().endsWith(".json") || file.toString().endsWith(".json.gz"))
                    .sorted()
                    .toList();
        }
    }
}
