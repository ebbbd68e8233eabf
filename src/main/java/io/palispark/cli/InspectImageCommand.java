package io.palispark.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.job.ImageReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code palispark inspect image}. */
@Command(
        name = "image",
        description = "What Palispark sees in image files: one JSON line a file, in the given order.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  jobs/palispark inspect image --size 224 src/main/resources/io/palispark/demo/images/scene_001001.jpg",
            "",
            "A file that is refused has its reject code as verdict and does not change the exit code.",
            "Exit codes: 0 done, 2 bad usage, 4 a file could not be read."
        })
final class InspectImageCommand implements Callable<Integer> {

    private static final int LARGEST_SIDE = 8192;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Image files.")
    private List<Path> files;

    @Option(
            names = "--size",
            paramLabel = "S",
            description = "Also hash the model's input: resized to S x S, and as float pixel values.")
    private Integer size;

    @Option(names = "--orient", description = "Turn pixels upright by the orientation tag before hashing.")
    private boolean orient;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        ImageReport report = orient ? ImageReport.ofUprightPixels(side()) : ImageReport.ofStoredPixels(side());
        PrintWriter out = spec.commandLine().getOut();
        int exit = Main.Exit.DONE;
        for (Path file : files) {
            try {
                out.println(report.describe(file));
            } catch (IOException unreadable) {
                spec.commandLine().getErr().println("Cannot read " + file + ": " + unreadable);
                out.println(unreadable(file, unreadable));
                exit = Main.Exit.UNREADABLE;
            }
        }
        out.flush();
        return exit;
    }

    private static ObjectNode unreadable(Path file, IOException failure) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("file", file.toString())
                .put("verdict", "unreadable")
                .put("detail", failure.toString());
    }

    private OptionalInt side() {
        if (size == null) {
            return OptionalInt.empty();
        }
        if (size < 1 || size > LARGEST_SIDE) {
            throw new ParameterException(
                    spec.commandLine(), "--size: " + size + " must lie between 1 and " + LARGEST_SIDE);
        }
        return OptionalInt.of(size);
    }
}
