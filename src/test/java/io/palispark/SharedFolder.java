package io.palispark;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The team's shared folder beside the checkout: full golden files that are read in place. */
public final class SharedFolder {

    private static final Path ROOT = Path.of(System.getProperty("palispark.shared", "../shared"));

    private SharedFolder() {}

    /** The path below the shared folder; the calling test is skipped, visibly, where it is not there. */
    public static Path require(String relative) {
        Path path = ROOT.resolve(relative);
        Assumptions.assumeTrue(Files.exists(path), () -> "skipped: needs " + relative + " of the shared folder");
        return path;
    }
}
