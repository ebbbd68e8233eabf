package io.palispark.paligemma;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The bundled stand-in checkpoint: PaliGemma 2's architecture in small, trained on painted scenes. Its answers say
 * nothing about PaliGemma.
 */
public final class StandInCheckpoint {

    private static final String RESOURCES = "/io/palispark/standin/paligemma/";
    private static final List<String> FILES = List.of(
            "config.json",
            "generation_config.json",
            "model.safetensors",
            "preprocessor_config.json",
            "special_tokens_map.json",
            "tokenizer.json",
            "tokenizer_config.json");

    private StandInCheckpoint() {}

    /** The checkpoint as a folder: weights are mapped, so they are unpacked once a process and deleted at its end. */
    public static Path folder() {
        return Unpacked.FOLDER;
    }

    private static final class Unpacked {

        private static final Path FOLDER = unpack();

        private static Path unpack() {
            try {
                Path folder = Files.createTempDirectory("palispark-standin");
                folder.toFile().deleteOnExit();
                for (String name : FILES) {
                    Path file = folder.resolve(name);
                    file.toFile().deleteOnExit();
                    copy(name, file);
                }
                return folder;
            } catch (IOException failed) {
                throw new UncheckedIOException("Cannot unpack the stand-in checkpoint: " + failed.getMessage(), failed);
            }
        }

        private static void copy(String name, Path file) throws IOException {
            try (InputStream content = StandInCheckpoint.class.getResourceAsStream(RESOURCES + name)) {
                if (content == null) {
                    throw new FileNotFoundException(RESOURCES + name + " is not in this jar; build it again");
                }
                Files.copy(content, file);
            }
        }
    }
}
