package io.palispark.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.image.ContentRead;
import io.palispark.image.Frame;
import io.palispark.image.ImageContent;
import io.palispark.image.ImageFault;
import io.palispark.image.ImageLimits;
import io.palispark.image.PassOrder;
import io.palispark.job.ImageReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
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

    @Option(
            names = "--pass-order",
            defaultValue = "PILLOW_13",
            description =
                    "Order of the resize passes, as in this Pillow: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private PassOrder order;

    @Option(
            names = "--max-pixels",
            defaultValue = "89478485",
            description = "Refuse images with more pixels; default ${DEFAULT-VALUE}.")
    private long maximumPixels;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        ImageReport report = new ImageReport(limits(), orient ? Frame.UPRIGHT : Frame.STORED, side(), order);
        PrintWriter out = spec.commandLine().getOut();
        int exit = Main.Exit.DONE;
        for (Path file : files) {
            try {
                out.println(describe(report, file));
            } catch (IOException unreadable) {
                spec.commandLine().getErr().println("Cannot read " + file + ": " + unreadable);
                out.println(line(file, "unreadable", unreadable.toString()));
                exit = Main.Exit.UNREADABLE;
            }
        }
        out.flush();
        return exit;
    }

    private static ObjectNode describe(ImageReport report, Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            ContentRead content = ImageContent.read(stream, report.limits());
            return content instanceof ImageFault fault
                    ? line(file, fault.kind().code(), fault.detail())
                    : report.describe(file.toString(), ((ImageContent) content).bytes());
        }
    }

    private static ObjectNode line(Path file, String verdict, String detail) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("file", file.toString())
                .put("verdict", verdict)
                .put("detail", detail);
    }

    private ImageLimits limits() {
        try {
            return new ImageLimits(maximumPixels, ImageLimits.DEFAULT.maximumBytes());
        } catch (IllegalArgumentException invalid) {
            throw new ParameterException(spec.commandLine(), "--max-pixels: " + invalid.getMessage(), invalid);
        }
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
