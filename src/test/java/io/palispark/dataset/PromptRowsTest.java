package io.palispark.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.annotation.Known;
import io.palispark.geometry.ImageSize;
import io.palispark.token.Convention;
import io.palispark.token.LocationBins;
import io.palispark.token.ParsedSuffix;
import io.palispark.token.SuffixObject;
import io.palispark.token.SuffixParser;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A garden picture with two butterflies and a squirrel, asked about in every form. */
class PromptRowsTest {

    private static final EncodedObject SQUIRREL = object("1", "squirrel", new LocationBins(44, 150, 1005, 1011));
    private static final EncodedObject LOW = object("2", "butterfly", new LocationBins(429, 22, 949, 592));
    private static final EncodedObject HIGH = object("3", "butterfly", new LocationBins(2, 104, 429, 456));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DETECT   | detect             | detect butterfly ; squirrel
            DETECT   | detect-all-classes | detect all classes
            CAPTION  | caption            | caption en
            CAPTION  | caption-plain      | caption
            CAPTION  | cap                | cap en
            CAPTION  | describe           | describe en
            VQA      | answer             | answer en what flies?
            VQA      | question-plain     | what flies?
            QUESTION | question           | question en butterflies
            OCR      | ocr                | ocr
            """)
    void promptsReadAsTheModelWasTrainedOnThem(Task task, String form, String prompt) {
        assertThat(rows(plan(task, form)).get(0).prefix()).isEqualTo(prompt);
    }

    @Test
    void theSuffixesOfTheFormsThatPutObjectsIntoWords() {
        assertThat(texts(plan(Task.COUNT, "count")))
                .containsExactly(
                        "answer en How many butterfly are there? = 2", "answer en How many squirrel are there? = 1");
        assertThat(texts(plan(Task.PRESENCE, "presence")))
                .containsExactly(
                        "answer en Is there butterfly in the image? = yes",
                        "answer en Is there squirrel in the image? = yes");
        assertThat(texts(plan(Task.LISTING, "listing")))
                .containsExactly("answer en What objects are in the image? = butterfly, squirrel");
        assertThat(texts(plan(Task.OCR, "ocr"))).containsExactly("ocr = butterfly squirrel butterfly");
        assertThat(texts(plan(Task.REGION, "region")))
                .startsWith("caption <loc0002><loc0104><loc0429><loc0456> = butterfly")
                .hasSize(3);
        assertThat(texts(plan(Task.QUESTION, "question"))).containsExactly("question en butterflies = what flies?");
    }

    @Test
    void choicesAreTheQuestionsAnswersAndOneAnswerIsNoChoice() {
        TrainingRow row = rows(plan(Task.VQA, "choice")).get(0);

        assertThat(row.prefix()).startsWith("answer en what flies? choose from: ");
        assertThat(row.prefix().split(": ")[1].split(" \t ")).containsExactlyInAnyOrder("butterflies", "birds");
        assertThat(row.suffix()).isEqualTo("butterflies");
    }

    @Test
    void absentClassesAreAnsweredNoAndZeroAndUncertainOnesAreNotAskedFor() {
        PromptPlan count = negatives(plan(Task.COUNT, "count"), 5, 0);
        PromptPlan presence = negatives(plan(Task.PRESENCE, "presence"), 5, 0);

        assertThat(texts(count))
                .contains("answer en How many owl are there? = 0")
                .noneMatch(row -> row.contains("bee"));
        assertThat(texts(presence))
                .contains("answer en Is there owl in the image? = no")
                .noneMatch(row -> row.contains("bee"));
    }

    @Test
    void negativeRowsAskForOneAbsentClassEachAndEndAtOnce() {
        List<String> texts = texts(negatives(plan(Task.DETECT, "detect"), 0, 2));

        assertThat(texts).hasSize(3);
        assertThat(texts.subList(1, 3)).containsExactlyInAnyOrder("detect owl = ", "detect fox = ");
    }

    @Test
    void noiseFillsADetectRowBehindTheRealObjectsAndIsAlwaysTheSame() {
        PromptPlan plan = noise(plan(Task.DETECT, "detect"), 8);
        TrainingRow row = rows(plan).get(0);

        ParsedSuffix parsed = SuffixParser.parse(row.suffix());
        assertThat(parsed.defects()).isEmpty();
        assertThat(parsed.objects()).hasSize(8);
        assertThat(parsed.objects().subList(0, 3))
                .extracting(SuffixObject::label)
                .doesNotContain("noise");
        assertThat(parsed.objects().subList(3, 8))
                .extracting(SuffixObject::label)
                .containsOnly("noise");
        assertThat(row.source().noise()).isEqualTo(5);
        assertThat(row.source().records()).hasSize(3);
        assertThat(rows(plan).get(0).suffix()).isEqualTo(row.suffix());
        assertThat(rows(noise(plan(Task.DETECT, "detect"), 5)).get(0).suffix()).isSubstringOf(row.suffix());
    }

    @Test
    void noiseTakesNoRoomFromObjects() {
        TrainingRow row = composer(noise(plan(Task.DETECT, "detect"), 100), 40)
                .compose(garden())
                .rows()
                .get(0);

        assertThat(row.tokens().suffix()).isBetween(30, 40);
        assertThat(row.source().records()).hasSize(3);
        assertThat(row.source().noise()).isPositive();
    }

    @Test
    void aTemplateOfOnesOwnIsCheckedAsAWhole() {
        assertThat(new PromptTemplate("Find every {classes}.").problems(Task.DETECT))
                .isEmpty();
        assertThat(new PromptTemplate("find {things}\n").problems(Task.DETECT))
                .hasSize(4)
                .anyMatch(problem -> problem.contains("{things}, which is no place"))
                .anyMatch(problem -> problem.contains("lacks {classes}"))
                .anyMatch(problem -> problem.contains("white space around"))
                .anyMatch(problem -> problem.contains("line end"));
        assertThat(new PromptTemplate("<image>caption").problems(Task.CAPTION)).hasSize(1);
    }

    @Test
    void whatIsFilledInIsNotReadAsAPlace() {
        assertThat(new PromptTemplate("answer {language} {question}")
                        .fill(Map.of("language", "en", "question", "what does {language} say? $1")))
                .isEqualTo("answer en what does {language} say? $1");
    }

    private static EncodedObject object(String id, String label, LocationBins box) {
        return new EncodedObject(
                id, Long.parseLong(id), 100, new SuffixObject(box, Optional.empty(), label), List.of());
    }

    private static ImageSample garden() {
        return new ImageSample(
                "garden.json",
                "7",
                "garden.jpg",
                new ImageSize(480, 640),
                List.of(SQUIRREL, LOW, HIGH),
                List.of(new CaptionRow("7", 0, "c", "butterflies above a squirrel")),
                List.of(new QuestionRow(
                        "7", 0, "q", "what flies?", List.of("butterflies", "birds", "butterflies"), "butterflies")),
                Set.of("bee"),
                Known.EVERYTHING);
    }

    private static PromptPlan plan(Task task, String form) {
        Map<Task, PromptTemplate> texts = new EnumMap<>(Task.class);
        texts.put(
                task,
                new PromptTemplate(
                        PromptForm.of(task, form).orElseThrow().text("en").orElseThrow()));
        return new PromptPlan(
                List.of(task),
                new PromptPlan.Templates(texts, "en", "yes", "no"),
                PromptPlan.ALL_CLASSES,
                PromptPlan.Classes.PRESENT,
                List.of("bee", "butterfly", "fox", "owl", "squirrel"),
                0,
                0,
                NoiseBoxes.NONE,
                PromptPlan.EmptyImages.KEEP,
                PromptPlan.Captions.ALL,
                PromptPlan.Answers.CHOSEN,
                0);
    }

    private static PromptPlan negatives(PromptPlan plan, int negatives, int rows) {
        return changed(plan, negatives, rows, plan.noise());
    }

    private static PromptPlan noise(PromptPlan plan, int objects) {
        return changed(plan, 0, 0, new NoiseBoxes(objects, "noise", 3));
    }

    private static PromptPlan changed(PromptPlan plan, int negatives, int rows, NoiseBoxes noise) {
        return new PromptPlan(
                plan.tasks(),
                plan.templates(),
                plan.classesPerRow(),
                plan.classes(),
                plan.vocabulary(),
                negatives,
                rows,
                noise,
                plan.emptyImages(),
                plan.captions(),
                plan.answers(),
                plan.seed());
    }

    private static RowComposer composer(PromptPlan plan, int tokens) {
        TokenBudget budget = new TokenBudget(tokens, TokenBudget.Overflow.DROP_OBJECTS);
        TokenCounter counter =
                text -> text.isBlank() ? 0 : text.replace("><", "> <").strip().split("\\s+").length;
        return new RowComposer(
                plan,
                new ObjectRows(plan, ObjectOrder.RASTER, 0, budget, counter, Convention.BIG_VISION),
                new WordRows(plan, budget, counter, Convention.BIG_VISION),
                new TextRows(plan, budget, counter));
    }

    private static List<TrainingRow> rows(PromptPlan plan) {
        return composer(plan, 512).compose(garden()).rows();
    }

    private static List<String> texts(PromptPlan plan) {
        List<String> texts = new ArrayList<>();
        rows(plan).forEach(row -> texts.add(row.prefix() + " = " + row.suffix()));
        return texts;
    }
}
