package io.palispark.paligemma;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SharedFolder;
import io.palispark.token.TokenVocabulary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gemma's real vocabulary, extended as PaliGemma's is, against {@code PaliGemmaProcessor} of transformers 5.23.0. */
@Tag("fetched")
class GemmaTokenizerGoldensTest {

    private static final int IMAGE_TOKENS = 256;

    @TempDir
    private static Path folder;

    private static PaliGemmaTokenizer tokenizer;

    @BeforeAll
    static void extendGemma() throws IOException {
        Path gemma = SharedFolder.require("fixtures/fetched/gemma-tokenizer/tokenizer.json.gz");
        String json;
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(gemma))) {
            json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        StringBuilder entries = new StringBuilder();
        for (int i = 0; i < TokenVocabulary.all().size(); i++) {
            entries.append('"')
                    .append(TokenVocabulary.all().get(i))
                    .append("\":")
                    .append(256_000 + i)
                    .append(',');
        }
        String image = "{\"id\":257152,\"content\":\"<image>\",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,"
                + "\"normalized\":false,\"special\":true},";
        json = json.replaceFirst("\"vocab\": *\\{", "\"vocab\":{" + entries)
                .replaceFirst("\"added_tokens\": *\\[", "\"added_tokens\":[" + image);
        Files.writeString(folder.resolve("tokenizer.json"), json);
        tokenizer = PaliGemmaTokenizer.load(folder);
    }

    @AfterAll
    static void close() {
        if (tokenizer != null) {
            tokenizer.close();
        }
    }

    @Test
    void textsHaveTheIdsOfTheProcessorAndComeBack() throws IOException {
        int compared = 0;
        for (JsonNode record : goldens()) {
            if (record.has("text")) {
                String text = record.get("text").asText();
                int[] ids = ids(record);
                assertThat(tokenizer.ids(text)).as(text).isEqualTo(ids);
                assertThat(tokenizer.count(text)).as(text).isEqualTo(ids.length);
                String decoded = record.path("decoded").asText(text);
                assertThat(tokenizer.decode(ids)).as(text).isEqualTo(decoded);
                assertThat(tokenizer.text(ids))
                        .as(text)
                        .isEqualTo(record.path("decoded_without_specials").asText(decoded));
                compared++;
            }
        }
        assertThat(compared).isEqualTo(530);
    }

    @Test
    void promptsHaveTheIdsOfTheProcessor() throws IOException {
        int compared = 0;
        for (JsonNode record : goldens()) {
            if (record.has("prompt")) {
                String prompt = record.get("prompt").asText();
                int[] ids = tokenizer.promptIds(prompt, record.get("images").asInt(), IMAGE_TOKENS);
                assertThat(IntStream.of(ids)
                                .filter(id -> id != tokenizer.imageId())
                                .toArray())
                        .as(prompt)
                        .isEqualTo(ids(record));
                for (JsonNode run : record.get("image_runs")) {
                    int start = run.get(0).asInt();
                    assertThat(IntStream.range(start, start + run.get(1).asInt())
                                    .map(i -> ids[i]))
                            .as(prompt)
                            .containsOnly(257_152);
                }
                compared++;
            }
        }
        assertThat(compared).isEqualTo(192);
    }

    @Test
    void objectsCostTheTokensThatWereMeasured() {
        String box = "<loc0001><loc0002><loc0003><loc0004>";
        Map<String, Integer> tokens = Map.of("cat", 7, "traffic light", 8, "fire hydrant", 9);
        tokens.forEach((label, each) -> assertThat(tokenizer.count((box + " " + label + " ; ").repeat(10)))
                .as(label)
                .isEqualTo(10 * each));
    }

    private static int[] ids(JsonNode record) {
        return StreamSupport.stream(record.get("ids").spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    private static List<JsonNode> goldens() throws IOException {
        List<JsonNode> records = new ArrayList<>();
        ObjectMapper json = new ObjectMapper();
        Path path = SharedFolder.require("fixtures/model/tokenizer-goldens.jsonl.gz");
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(path)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                records.add(json.readTree(line));
            }
        }
        return records;
    }
}
