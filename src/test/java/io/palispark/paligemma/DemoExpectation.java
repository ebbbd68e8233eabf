package io.palispark.paligemma;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.image.RgbImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** What transformers 5.23.0 answers with the stand-in checkpoint on the demo corpus, greedily and in float32. */
record DemoExpectation(List<Picture> pictures) {

    private static final Path CORPUS = Path.of("src/main/resources/io/palispark/demo/images");

    /**
     * @param rgbSha256 of the pixels Pillow decoded
     * @param inputSha256 of the square the model saw
     */
    record Picture(String file, String rgbSha256, String inputSha256, List<Answer> answers) {

        RgbImage read() throws IOException {
            return Pictures.read(CORPUS.resolve(file));
        }
    }

    record Answer(String task, String prompt, int newTokens, int[] ids, double[] logProbabilities, double[] margins) {}

    static DemoExpectation read() throws IOException {
        try (InputStream json =
                new GZIPInputStream(DemoExpectation.class.getResourceAsStream("/io/palispark/demo/expected.json.gz"))) {
            List<Picture> pictures = new ArrayList<>();
            for (JsonNode picture : new ObjectMapper().readTree(json).path("images")) {
                List<Answer> answers = new ArrayList<>();
                for (JsonNode answer : picture.path("outputs")) {
                    answers.add(new Answer(
                            answer.path("task").textValue(),
                            answer.path("prompt").textValue(),
                            answer.path("max_new_tokens").intValue(),
                            Goldens.ids(answer.path("ids")),
                            numbers(answer.path("logprobs")),
                            numbers(answer.path("margins"))));
                }
                pictures.add(new Picture(
                        picture.path("file_name").textValue(),
                        picture.path("rgb_sha256").textValue(),
                        picture.path("input_sha256").textValue(),
                        answers));
            }
            return new DemoExpectation(pictures);
        }
    }

    private static double[] numbers(JsonNode list) {
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = list.get(i).doubleValue();
        }
        return numbers;
    }
}
