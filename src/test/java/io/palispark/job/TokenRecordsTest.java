package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.SharedFolder;
import io.palispark.paligemma.PaliGemmaProcessor;
import io.palispark.token.Convention;
import io.palispark.token.LocationBins;
import io.palispark.token.SegmentationCodes;
import io.palispark.vqvae.MaskCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class TokenRecordsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BOX = "<loc0000><loc0256><loc0512><loc1023>";

    @Test
    void parseGivesBinsCodesAndDefects() throws IOException {
        String segments = SegmentationCodes.of(IntStream.range(0, 16).toArray()).text();
        assertThat(answers(
                        new TokenParsing(),
                        "{\"id\":1,\"text\":\"%s%s hot dog ; %s cat\",\"prefix\":\"segment hot dog\"}"
                                .formatted(BOX, segments, BOX)))
                .containsExactly("{\"id\":1,\"objects\":["
                        + "{\"box\":[0,256,512,1023],\"codes\":[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15],\"label\":\"hot dog\"},"
                        + "{\"box\":[0,256,512,1023],\"codes\":null,\"label\":\"cat\"}],\"defects\":["
                        + "{\"code\":\"segments-missing\",\"at\":175,\"detail\":\"" + BOX + " cat\"},"
                        + "{\"code\":\"label-unasked\",\"at\":212,\"detail\":\"cat\"}]}");
    }

    @Test
    void badLinesAreRejectedInTheirPlaceAndTheRestGoesOn() throws IOException {
        List<String> answers = answers(new TokenParsing(), """
                {"id":"a","text":""}
                {"id":
                []

                {"text":"x"}
                {"id":"b"}
                {"id":"c","text":7}
                {"id":"d","text":""} {}
                {"id":"e","text":"","height":NaN}
                {"id":"f","text":"caf\\u00e9 \\ud83d"}
                {"id":{"any":1},"text":""}""");
        assertThat(answers)
                .hasSize(10)
                .startsWith("{\"id\":\"a\",\"objects\":[],\"defects\":[]}")
                .endsWith("{\"id\":{\"any\":1},\"objects\":[],\"defects\":[]}");
        assertThat(answers.get(1)).startsWith("{\"line\":2,\"reject\":\"syntax-invalid\"");
        assertThat(answers.get(2)).startsWith("{\"line\":3,\"reject\":\"syntax-invalid\"");
        assertThat(answers.get(3)).startsWith("{\"line\":5,\"reject\":\"id-missing\"");
        assertThat(answers.get(4))
                .isEqualTo("{\"id\":\"b\",\"reject\":\"key-missing\",\"detail\":\"the record has no text\"}");
        assertThat(answers.get(5))
                .isEqualTo("{\"id\":\"c\",\"reject\":\"value-unknown\",\"detail\":\"text is not a text\"}");
        assertThat(answers.get(6)).startsWith("{\"line\":8,\"reject\":\"syntax-invalid\"");
        assertThat(answers.get(7)).startsWith("{\"line\":9,\"reject\":\"syntax-invalid\"");
        assertThat(answers.get(8)).contains("\"detail\":\"caf\\u00E9 \\uD83D\"");
    }

    @Test
    void bytesThatAreNoTextAreRejected() throws IOException {
        byte[] line = "{\"id\":1,\"text\":\"\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RecordPipe.run(new TokenParsing(), new ByteArrayInputStream(line), out);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("{\"line\":1,\"reject\":\"encoding-invalid\",\"detail\":\"the line is not UTF-8\"}\n");
    }

    @Test
    void idsAreThoseOfTheTokenizerAndOfTheProcessor() throws IOException {
        try (PaliGemmaProcessor processor = PaliGemmaProcessor.standIn()) {
            List<String> answers = answers(new TokenIds(processor), """
                    {"id":1,"text":"<loc0001><seg127>\\n"}
                    {"id":2,"prefix":""}
                    {"id":3}
                    {"id":4,"text":"a","prefix":"b"}
                    {"id":5,"prefix":"<image><image>"}""");
            assertThat(answers.get(0)).isEqualTo("{\"id\":1,\"ids\":[1025,2175,108]}");
            assertThat(answers.get(1))
                    .startsWith("{\"id\":2,\"ids\":[2176,2176,")
                    .endsWith(",2176,2,108]}");
            assertThat(JSON.readTree(answers.get(1)).get("ids")).hasSize(64 + 2);
            assertThat(answers.get(2)).startsWith("{\"id\":3,\"reject\":\"key-missing\"");
            assertThat(answers.get(3)).startsWith("{\"id\":4,\"reject\":\"record-contradiction\"");
            assertThat(answers.get(4)).startsWith("{\"id\":5,\"reject\":\"record-contradiction\"");
        }
    }

    @Test
    void decodeGivesPixelsByTheConvention() throws IOException {
        String record = "{\"id\":1,\"text\":\"%s cat\",\"height\":512,\"width\":1024}".formatted(BOX);
        Convention demo = Convention.BIG_VISION.with(Map.of("bins", "1024")).orElseThrow();
        assertThat(answers(new TokenDecoding(MaskCodec.standIn(), demo), record))
                .containsExactly("{\"id\":1,\"objects\":[{\"bbox\":[256.0,0.0,767.0,256.0],\"segmentation\":null,"
                        + "\"label\":\"cat\"}],\"defects\":[]}");
    }

    @Test
    void decodeRejectsImpossibleImages() throws IOException {
        List<String> answers = answers(new TokenDecoding(MaskCodec.standIn(), Convention.BIG_VISION), """
                {"id":1,"text":"","height":0,"width":3}
                {"id":2,"text":"","height":3}
                {"id":3,"text":"","height":3.5,"width":3}
                {"id":4,"text":"","height":100000,"width":100000}
                {"id":5,"text":"","height":99999999999,"width":1}""");
        assertThat(answers.get(3)).contains("\"reject\":\"image-too-large\"");
        for (int i : new int[] {0, 1, 2, 4}) {
            assertThat(answers.get(i)).contains("\"reject\":\"image-size-missing\"");
        }
    }

    @Test
    void decodePastesWhatTheOfficialEvaluatorPastes() throws IOException {
        StringBuilder records = new StringBuilder();
        List<JsonNode> goldens = goldens("fixtures/codec/paste.jsonl.gz").stream()
                .filter(golden -> golden.hasNonNull("mask"))
                .toList();
        for (JsonNode golden : goldens) {
            int[] loc = JSON.convertValue(golden.get("loc"), int[].class);
            int[] codes = JSON.convertValue(golden.get("codes"), int[].class);
            ObjectNode record = JSON.createObjectNode();
            record.set("id", golden.get("id"));
            record.put(
                    "text",
                    new LocationBins(loc[0], loc[1], loc[2], loc[3]).text()
                            + SegmentationCodes.of(codes).text());
            record.set("height", golden.get("height"));
            record.set("width", golden.get("width"));
            records.append(record).append('\n');
        }
        List<String> answers =
                answers(new TokenDecoding(MaskCodec.standIn(), Convention.BIG_VISION), records.toString());
        int equal = 0;
        for (int i = 0; i < goldens.size(); i++) {
            JsonNode answer = JSON.readTree(answers.get(i));
            assertThat(answer.get("id")).isEqualTo(goldens.get(i).get("id"));
            if (answer.at("/objects/0/segmentation/counts")
                    .equals(goldens.get(i).at("/mask/counts"))) {
                equal++;
            } else {
                assertThat(goldens.get(i).at("/near/1e-5").asInt()).isPositive();
            }
        }
        assertThat(goldens).hasSize(285);
        assertThat(equal).isEqualTo(285);
    }

    private static List<String> answers(RecordStep step, String lines) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RecordPipe.run(step, new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)), out);
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static List<JsonNode> goldens(String path) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(SharedFolder.require(path)))) {
            return JSON.readerFor(JsonNode.class).<JsonNode>readValues(in).readAll();
        }
    }
}
