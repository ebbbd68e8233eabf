package io.palispark.paligemma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import io.palispark.image.RgbImage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PaliGemma as a DJL user calls it. */
class PaliGemmaEngineTest {

    private static Criteria.Builder<Question, Answer> standIn() {
        return Criteria.builder()
                .setTypes(Question.class, Answer.class)
                .optEngine(PaliGemmaEngine.NAME)
                .optModelPath(StandInCheckpoint.folder())
                .optTranslator(PaliGemmaTranslator.greedy(128));
    }

    @Test
    void aPredictorAnswersAsTheReferenceDoes() throws Exception {
        DemoExpectation.Picture picture = DemoExpectation.read().pictures().get(0);
        RgbImage pixels = picture.read();
        List<Question> questions = new ArrayList<>();
        picture.answers().forEach(answer -> questions.add(new Question(pixels, answer.prompt())));

        try (ZooModel<Question, Answer> model = standIn().build().loadModel();
                Predictor<Question, Answer> predictor = model.newPredictor()) {
            List<Answer> answers = predictor.batchPredict(questions);

            for (int i = 0; i < questions.size(); i++) {
                DemoExpectation.Answer expected = picture.answers().get(i);
                assertThat(answers.get(i).generated().ids())
                        .as(expected.prompt())
                        .isEqualTo(expected.ids());
            }
            assertThat(predictor.predict(questions.get(0)).text())
                    .isEqualTo(answers.get(0).text());
        }
    }

    @Test
    void anOptionThatIsNotKnownIsRefused() {
        assertThatThrownBy(() -> standIn().optOption("precison", "int8").build().loadModel())
                .hasStackTraceContaining("the option precison is none of [adapter, precision, weights]");
    }

    @Test
    void aPrecisionThatTheDeviceDoesNotHaveIsRefused() {
        assertThatThrownBy(() ->
                        standIn().optOption("precision", "bfloat16").build().loadModel())
                .hasStackTraceContaining("on cpu: ONNX Runtime does not compute in BFLOAT16 there");
    }

    @Test
    void aModelOfAnotherEngineIsRefused() throws Exception {
        try (ai.djl.Model other = Engine.getEngine("PaliGemmaMaskCodec").newModel("codec", ai.djl.Device.cpu())) {
            Predictor<Question, Answer> predictor = other.newPredictor(PaliGemmaTranslator.greedy(8));
            assertThatThrownBy(() -> predictor.predict(new Question(null, "detect cat")))
                    .isInstanceOf(TranslateException.class);
        }
    }
}
