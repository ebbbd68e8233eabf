package io.palispark.cli;

import io.palispark.job.InspectAnnotationsJob;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code palispark inspect annotations}. */
@Command(
        name = "annotations",
        description =
                "What Palispark sees in annotation files: one JSON line an object, caption or question in pixels of"
                        + " the upright picture, one a finding, and a last line with counts.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  jobs/palispark inspect annotations src/main/resources/io/palispark/demo/annotations/instances.json",
            "",
            "Files that cannot be used are rejects and do not change the exit code.",
            "Exit codes: 0 done, 2 bad usage, 4 a file could not be read."
        })
final class InspectAnnotationsCommand implements Callable<Integer> {

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            description = "Annotation files, or folders of a dataset, whose files are sorted by format.")
    private List<Path> paths;

    @Option(
            names = "--format",
            paramLabel = "F",
            defaultValue = "auto",
            completionCandidates = Formats.class,
            description = "One of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private String format;

    /** For the help text. */
    static final class Formats implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return InspectAnnotationsJob.formats().iterator();
        }
    }

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "The image root: sizes and EXIF turns are taken from the pictures, not from the annotations.")
    private Path images;

    @Option(
            names = "--exif-policy",
            paramLabel = "P",
            defaultValue = "stored",
            description =
                    "The frame of annotations where sizes cannot tell: stored | upright; default ${DEFAULT-VALUE}.")
    private String policy;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        InspectAnnotationsJob.of(paths, format, Optional.ofNullable(images), policy)
                .run(out, spec.commandLine().getErr());
        out.flush();
        return Main.Exit.DONE;
    }
}
