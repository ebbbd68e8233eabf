package io.palispark.paligemma;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The text side of a checkpoint's processor: its tokenizer and how many placeholders one picture takes.
 *
 * @param imageTokens placeholders of one picture: 256, 1024 or 4096 for the published models
 */
public record PaliGemmaProcessor(PaliGemmaTokenizer tokenizer, int imageTokens) implements AutoCloseable {

    private static final String FILE = "preprocessor_config.json";
    private static final String STAND_IN = "/io/palispark/standin/paligemma/" + FILE;
    private static final int MOST_IMAGE_TOKENS = 1 << 20;

    /** The processor of a checkpoint folder: {@code tokenizer.json} and {@code preprocessor_config.json}. */
    public static PaliGemmaProcessor load(Path folder) throws IOException {
        Path path = folder.resolve(FILE);
        if (!Files.isRegularFile(path)) {
            throw new FileNotFoundException("Cannot load the processor " + path
                    + ": there is no such file; a checkpoint" + " folder in the Hugging Face layout has one");
        }
        int imageTokens = imageTokens(Files.readAllBytes(path), path.toString());
        return new PaliGemmaProcessor(PaliGemmaTokenizer.load(folder), imageTokens);
    }

    /** The processor of the bundled stand-in checkpoint. */
    public static PaliGemmaProcessor standIn() throws IOException {
        try (InputStream in = PaliGemmaProcessor.class.getResourceAsStream(STAND_IN)) {
            if (in == null) {
                throw new FileNotFoundException("Cannot load the processor " + STAND_IN + ": it is not in this jar");
            }
            int imageTokens = imageTokens(in.readAllBytes(), STAND_IN);
            return new PaliGemmaProcessor(PaliGemmaTokenizer.standIn(), imageTokens);
        }
    }

    /** The ids of a prompt about one picture, see {@link PaliGemmaTokenizer#promptIds}. */
    public int[] promptIds(String prompt) {
        return tokenizer.promptIds(prompt, 1, imageTokens);
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private static int imageTokens(byte[] json, String source) throws IOException {
        JsonNode tokens;
        try {
            tokens = new ObjectMapper().readTree(json).path("image_seq_length");
        } catch (JsonProcessingException e) {
            throw new IOException(
                    "Cannot load the processor " + source + ": it is not valid JSON: " + e.getOriginalMessage(), e);
        }
        if (!tokens.canConvertToInt() || tokens.asInt() < 1 || tokens.asInt() > MOST_IMAGE_TOKENS) {
            throw new IOException("Cannot load the processor " + source + ": image_seq_length is " + tokens
                    + "; it must be the number of placeholders of a picture, such as 256");
        }
        return tokens.asInt();
    }
}
