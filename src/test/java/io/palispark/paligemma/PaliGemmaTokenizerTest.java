package io.palispark.paligemma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.token.TokenVocabulary;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaliGemmaTokenizerTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static PaliGemmaTokenizer tokenizer;

    @BeforeAll
    static void load() throws IOException {
        tokenizer = PaliGemmaTokenizer.standIn();
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void locationsAndSegmentsAreOneIdEach() {
        String all = String.join("", TokenVocabulary.all());
        int[] ids = tokenizer.ids(all);
        assertThat(ids).isEqualTo(IntStream.range(1024, 1024 + 1152).toArray());
        assertThat(tokenizer.decode(ids)).isEqualTo(all);
        assertThat(tokenizer.text(ids)).isEqualTo(all);
        assertThat(tokenizer.locationId(1023)).isEqualTo(2047);
        assertThat(tokenizer.segmentId(0)).isEqualTo(2048);
    }

    @Test
    void suffixesPromptsAndControlsHaveTheIdsOfTheProcessor() {
        int[] cat = tokenizer.ids(" cat");
        int[] row = tokenizer.suffixIds("<loc0001> cat");
        assertThat(row[0]).isEqualTo(1025);
        assertThat(Arrays.copyOfRange(row, 1, row.length - 1)).isEqualTo(cat);
        assertThat(row[row.length - 1]).isEqualTo(tokenizer.endId()).isEqualTo(1);
        int[] prompt = tokenizer.promptIds("", 2, 3);
        assertThat(prompt).containsExactly(2176, 2176, 2176, 2176, 2176, 2176, 2, 108);
        assertThat(tokenizer.text(prompt)).isEqualTo("\n");
        assertThat(tokenizer.padId()).isZero();
        assertThatThrownBy(() -> tokenizer.promptIds("<image>a", 2, 3)).hasMessageContaining("spells 1 images and 2");
    }

    @Test
    void cuttingAtTheTokensEqualsTheRepairedFile() throws IOException {
        byte[] repaired = JSON.writeValueAsBytes(repaired(standInJson()));
        try (HuggingFaceTokenizer whole = HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(repaired), Map.of("addSpecialTokens", "false", "padding", "false"))) {
            Random random = new Random(7);
            List<String> pieces = List.of(
                    " cat",
                    " ; ",
                    ";",
                    "dog",
                    " ",
                    "  ",
                    "\n",
                    "\n\n",
                    "<",
                    "<loc",
                    "<loc1024>",
                    "<seg128>",
                    "<loc12>",
                    ">",
                    "é",
                    "😀",
                    "<eos>",
                    "<bos>",
                    "\t",
                    "<image>",
                    "traffic light",
                    "\u2581",
                    "0",
                    "\u0000",
                    "<<",
                    "</i>",
                    "<b>");
            for (int i = 0; i < 3000; i++) {
                StringBuilder text = new StringBuilder();
                for (int n = random.nextInt(24); n > 0; n--) {
                    text.append(
                            random.nextBoolean()
                                    ? TokenVocabulary.all().get(random.nextInt(1152))
                                    : pieces.get(random.nextInt(pieces.size())));
                }
                int[] expected = Arrays.stream(
                                whole.encode(text.toString(), false, false).getIds())
                        .mapToInt(Math::toIntExact)
                        .toArray();
                assertThat(tokenizer.ids(text.toString())).as("%s", text).isEqualTo(expected);
                assertThat(tokenizer.count(text.toString())).isEqualTo(expected.length);
            }
        }
    }

    @Test
    void unpairedSurrogatesCountAsReplacementCharacters() {
        assertThat(tokenizer.ids("a\ud83db")).isEqualTo(tokenizer.ids("a\ufffdb"));
        assertThat(tokenizer.ids("😀")).isNotEqualTo(tokenizer.ids("\ufffd"));
    }

    @Test
    void longTextIsNeverCut() {
        String text = "cat dog ".repeat(100_000);
        assertThat(tokenizer.decode(tokenizer.ids(text))).isEqualTo(text);
    }

    @Test
    void truncationAndPaddingOfASavedTrainerAreIgnored(@TempDir Path folder) throws IOException {
        ObjectNode json = standInJson();
        json.set(
                "truncation",
                JSON.readTree("{\"direction\":\"Right\",\"max_length\":4,\"strategy\":\"LongestFirst\",\"stride\":0}"));
        json.set(
                "padding",
                JSON.readTree("{\"strategy\":{\"Fixed\":32},\"direction\":\"Left\",\"pad_to_multiple_of\":null,"
                        + "\"pad_id\":0,\"pad_type_id\":0,\"pad_token\":\"<pad>\"}"));
        try (PaliGemmaTokenizer saved = load(json, folder)) {
            for (String text : List.of("a", "a much longer caption of a cat and a dog")) {
                assertThat(saved.ids(text)).isEqualTo(tokenizer.ids(text));
            }
        }
    }

    @Test
    void repairedFilesGiveTheSameIds(@TempDir Path folder) throws IOException {
        try (PaliGemmaTokenizer saved = load(repaired(standInJson()), folder)) {
            String text = "<loc0001><seg001> cat ; <loc1023>";
            assertThat(saved.ids(text)).isEqualTo(tokenizer.ids(text));
            assertThat(saved.decode(saved.ids(text))).isEqualTo(text);
        }
    }

    @Test
    void filesThatAreNotPaliGemmasAreRefusedWithTheReason(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> PaliGemmaTokenizer.load(folder))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("tokenizer.json");
        assertRefused(folder, "{\"version\":", "not valid JSON");
        assertRefused(folder, "[]", "not a JSON object");
        assertRefused(folder, "{}", "lacks 1157 of PaliGemma's tokens");
        ObjectNode cut = standInJson();
        ((ObjectNode) cut.at("/model/vocab")).remove("<seg127>");
        assertRefused(folder, JSON.writeValueAsString(cut), "the first being <seg127>");
        ObjectNode overlapping = standInJson();
        ((ArrayNode) overlapping.get("added_tokens"))
                .addObject()
                .put("id", 9000)
                .put("content", "x<loc");
        assertRefused(folder, JSON.writeValueAsString(overlapping), "x<loc can overlap");
        ObjectNode stripping = repaired(standInJson());
        stripping.get("added_tokens").forEach(token -> ((ObjectNode) token).put("lstrip", true));
        assertRefused(folder, JSON.writeValueAsString(stripping), "changes the text beside it");
        ObjectNode prefixing = standInJson();
        prefixing.set(
                "pre_tokenizer",
                JSON.readTree(
                        "{\"type\":\"Metaspace\",\"replacement\":\"\u2581\",\"prepend_scheme\":\"first\",\"split\":false}"));
        assertRefused(folder, JSON.writeValueAsString(prefixing), "unlike text behind a token");
        ObjectNode broken = standInJson();
        broken.with("model").put("type", "Nonsense");
        assertRefused(folder, JSON.writeValueAsString(broken), "the tokenizer library refuses it");
    }

    @Test
    void manyThreadsGetTheSameIds() {
        List<String> texts = IntStream.range(0, 400)
                .mapToObj(i -> "<loc%04d> a caption number %d of a cat "
                        .formatted(i, i)
                        .repeat(1 + i % 5))
                .toList();
        List<int[]> alone = texts.stream().map(tokenizer::ids).toList();
        List<int[]> together = IntStream.range(0, 4000)
                .parallel()
                .mapToObj(i -> tokenizer.ids(texts.get(i % texts.size())))
                .toList();
        for (int i = 0; i < together.size(); i++) {
            assertThat(together.get(i)).isEqualTo(alone.get(i % texts.size()));
        }
    }

    private static void assertRefused(Path folder, String json, String reason) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), json);
        assertThatThrownBy(() -> PaliGemmaTokenizer.load(folder))
                .isInstanceOf(TokenizerFileException.class)
                .hasMessageContaining(reason);
    }

    private static PaliGemmaTokenizer load(JsonNode json, Path folder) throws IOException {
        Files.write(folder.resolve("tokenizer.json"), JSON.writeValueAsBytes(json));
        return PaliGemmaTokenizer.load(folder);
    }

    private static ObjectNode standInJson() throws IOException {
        try (InputStream in =
                PaliGemmaTokenizer.class.getResourceAsStream("/io/palispark/standin/paligemma/tokenizer.json")) {
            return (ObjectNode) JSON.readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** What the processor makes of the file at run time: plain added tokens for all locations and segments. */
    private static ObjectNode repaired(ObjectNode json) {
        ArrayNode added = (ArrayNode) json.get("added_tokens");
        for (String token : TokenVocabulary.all()) {
            added.addObject()
                    .put("id", json.at("/model/vocab").get(token).asInt())
                    .put("content", token)
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", false);
        }
        return json;
    }
}
