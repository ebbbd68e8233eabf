package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import io.palispark.job.Prediction.Answer;
import io.palispark.job.Prediction.AnswerDefect;
import io.palispark.job.Prediction.DetectedObject;
import io.palispark.job.Prediction.Failure;
import io.palispark.job.Prediction.Finish;
import io.palispark.job.Prediction.ModelText;
import io.palispark.job.Prediction.ObjectScores;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PredictionJsonTest {

    private static final ImageSize SIZE = new ImageSize(2, 3);

    private final PredictionJson json = new PredictionJson();

    @Test
    void anAnswerComesBackAsItWas() throws IOException {
        RunLengthMask mask = RunLengthMask.of(SIZE, 1, 4, 1);
        DetectedObject masked = new DetectedObject(
                "mug <b>",
                new Box(0.1, 0.2, 2.5, 1),
                Optional.of(mask),
                0.75,
                new ObjectScores(OptionalDouble.of(0.75), OptionalDouble.of(1 / 3.0), OptionalDouble.of(0.5)));
        DetectedObject bare = new DetectedObject("", new Box(2, 1, -1, -1), Optional.empty(), 1, ObjectScores.UNKNOWN);
        Prediction prediction = new Prediction(
                "a/b.jpg",
                "segment mug <b>",
                new Answer(
                        Optional.of(SIZE),
                        new ModelText("text", List.of(5, 1), List.of(-0.25, -1e-9), Optional.of(Finish.EOS)),
                        List.of(masked, bare),
                        List.of(new AnswerDefect("box-reversed", 12, "<loc0001>"))));

        assertThat(json.read(json.write(prediction))).isEqualTo(prediction);
    }

    @Test
    void aCaptionOfAPictureOfUnknownSizeComesBackAsItWas() throws IOException {
        Prediction prediction = new Prediction(
                "a.jpg", "caption en", new Answer(Optional.empty(), ModelText.of("a mug"), List.of(), List.of()));

        assertThat(json.read(json.write(prediction))).isEqualTo(prediction);
        assertThat(json.write(prediction))
                .isEqualTo("{\"image\":\"a.jpg\",\"prefix\":\"caption en\",\"width\":null,\"height\":null,"
                        + "\"status\":\"ok\",\"text\":\"a mug\",\"token_ids\":[],\"token_logprobs\":[],"
                        + "\"finish\":null,\"objects\":[],\"defects\":[]}");
    }

    @Test
    void aFailureComesBackAsItWas() throws IOException {
        Prediction prediction =
                new Prediction("a.jpg", "detect mug", new Failure("image-truncated", "a.jpg ends after 12 bytes"));

        assertThat(json.read(json.write(prediction))).isEqualTo(prediction);
    }

    @Test
    void aLineThatIsNoPredictionIsNamed() {
        assertThatThrownBy(() -> json.read("{\"image\":\"a.jpg\",\"prefix\":7}"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Cannot read a prediction: prefix is 7 where a text is expected")
                .hasMessageContaining("a.jpg");
    }

    @Test
    void aMaskOfAnotherSizeIsRefused() {
        String line = "{\"image\":\"a\",\"prefix\":\"p\",\"status\":\"ok\",\"width\":3,\"height\":2,\"text\":\"t\","
                + "\"objects\":[{\"label\":\"x\",\"bbox\":[0,0,1,1],\"score\":1,"
                + "\"segmentation\":{\"size\":[2,3],\"counts\":\"11\"}}]}";

        assertThatThrownBy(() -> json.read(line)).hasMessageContaining("Cannot read run lengths of a 2x3 mask");
    }
}
