package io.palispark.annotation;

import static io.palispark.annotation.Goldens.drain;
import static io.palispark.annotation.Goldens.reasons;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnnotationInputTest {

    private static final String OBJECTS = "{\"annotations\":[{\"id\":1,\"bbox\":[1,2,3,4]}],\"images\":[]}";
    private static final String CAPTIONS = "{\"annotations\":[{\"image_id\":1,\"caption\":\"a cat\"}]}";
    private static final String QUESTIONS = "{\"info\":{},\"questions\":[]}";
    private static final String ANSWERS = "{\"annotations\":[{\"question_id\":1,\"answers\":[]}]}";

    private record Memory(String name, String content) implements AnnotationSource {
        @Override
        public InputStream open() {
            return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static List<AnnotationInput> plan(AnnotationSource... files) throws IOException {
        return AnnotationPlan.of(List.of(files), Optional.empty(), ReadLimits.DEFAULT)
                .inputs();
    }

    private static Optional<String> answers(AnnotationInput input) {
        return Optional.ofNullable(input.shared().get(VqaFormat.ANSWERS)).map(AnnotationSource::name);
    }

    @ParameterizedTest
    @CsvSource({
        "instances_train2017.json, train",
        "annotations/v2_val.json, val",
        "valid/_annotations.coco.json, valid",
        "instances_trainval.json, ''",
        "train_and_test.json, ''",
        "instances.json, ''",
    })
    void aDocumentIsInTheSplitThatItsNameOrItsFolderTells(String name, String split) throws IOException {
        assertThat(plan(new Memory(name, OBJECTS)))
                .singleElement()
                .extracting(AnnotationInput::split)
                .isEqualTo(split);
    }

    @Test
    void theFileOfOnePictureIsInNoSplitByItsOwnName() {
        AnnotationInput picture = new AnnotationInput(
                AnnotationFormat.LABELME,
                "train_12.json",
                List.of(AnnotationInput.Entry.of(new Memory("train_12.json", "{}"), "train_12.jpg")),
                Map.of(),
                "a test");

        assertThat(picture.split()).isEmpty();
    }

    @Test
    void tellsTheFormatByKeysAndSaysWhy() throws IOException {
        assertThat(plan(new Memory("i.json", OBJECTS), new Memory("c.json", CAPTIONS)))
                .extracting(AnnotationInput::format, AnnotationInput::why)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                AnnotationFormat.COCO, "its annotations have a key \"bbox\""),
                        org.assertj.core.groups.Tuple.tuple(
                                AnnotationFormat.COCO_CAPTIONS, "its annotations have a key \"caption\""));
    }

    @Test
    void pairsOneQuestionFileWithOneAnswerFileWhateverTheirNames() throws IOException {
        assertThat(plan(new Memory("b.json", ANSWERS), new Memory("a.json", QUESTIONS)))
                .singleElement()
                .satisfies(input -> {
                    assertThat(input.name()).isEqualTo("a.json");
                    assertThat(answers(input)).contains("b.json");
                });
    }

    @Test
    void pairsSeveralQuestionFilesByTheirNamesAndRejectsWhatIsLeft() throws IOException {
        List<AnnotationInput> inputs = plan(
                new Memory("v2_OpenEnded_mscoco_train2014_questions.json", QUESTIONS),
                new Memory("v2_OpenEnded_mscoco_val2014_questions.json", QUESTIONS),
                new Memory("v2_OpenEnded_mscoco_test2015_questions.json", QUESTIONS),
                new Memory("v2_mscoco_val2014_annotations.json", ANSWERS),
                new Memory("v2_mscoco_train2014_annotations.json.gz", ANSWERS));
        assertThat(inputs)
                .extracting(input -> answers(input).orElse("none"))
                .containsExactly(
                        "v2_mscoco_train2014_annotations.json.gz", "v2_mscoco_val2014_annotations.json", "none");
        assertThat(reasons(drain(inputs.get(2).open(ReadLimits.DEFAULT)))).containsExactly(ReasonCode.KEY_MISSING);
    }

    @Test
    void leavesWhatCannotBeToldToTheReaderThatSaysWhatIsWrong() throws IOException {
        for (String content : List.of("", "[]", "{\"images\":", "7")) {
            List<AnnotationInput> inputs = plan(new Memory("odd.json", content));
            assertThat(inputs)
                    .singleElement()
                    .satisfies(input -> assertThat(input.format()).isEqualTo(AnnotationFormat.COCO));
            assertThat(reasons(drain(inputs.get(0).open(ReadLimits.DEFAULT)))).hasSize(1);
        }
    }

    @Test
    void readsEveryFileAsConfiguredWhenTheFormatIsStated() throws IOException {
        List<AnnotationInput> inputs = AnnotationPlan.of(
                        List.of(new Memory("i.json", OBJECTS)),
                        Optional.of(AnnotationFormat.COCO_CAPTIONS),
                        ReadLimits.DEFAULT)
                .inputs();
        assertThat(inputs).extracting(AnnotationInput::format).containsExactly(AnnotationFormat.COCO_CAPTIONS);
        assertThat(reasons(drain(inputs.get(0).open(ReadLimits.DEFAULT))))
                .containsExactly(ReasonCode.DOCUMENT_KIND_UNEXPECTED);
    }
}
