package io.palispark.paligemma;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * What {@code config.json} and {@code generation_config.json} say, with the defaults of the model classes filled in.
 *
 * @param imageId placeholder token of the pictures
 * @param padId filler of short rows
 * @param beginId token before the text
 * @param endIds tokens that end a row: of the generation config, else the top-level one, never the list of the text part
 * @param tied whether the output head is the embedding table
 */
public record CheckpointConfig(
        TextConfig text, VisionConfig vision, int imageId, int padId, int beginId, Set<Integer> endIds, boolean tied) {

    public CheckpointConfig {
        endIds = Set.copyOf(endIds);
    }

    /** Reads the configuration of a checkpoint folder, in the spelling of any transformers release. */
    public static CheckpointConfig read(Path folder) throws IOException {
        return CheckpointConfigReader.read(folder);
    }

    public CheckpointConfig withText(TextConfig other) {
        return new CheckpointConfig(other, vision, imageId, padId, beginId, endIds, tied);
    }
}
