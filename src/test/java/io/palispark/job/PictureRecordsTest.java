package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.annotation.AnnotationRecord;
import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.annotation.Known;
import io.palispark.annotation.SizeClaim;
import io.palispark.spark.SourcedRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records of the image id 7 from several files. */
class PictureRecordsTest {

    @Test
    void filesAboutOnePictureAreJoinedAndItsSplitIsTheStatedOne() {
        List<PictureRecords> pictures = PictureRecords.of(List.of(
                from(0, image("a.jpg", "")),
                from(1, image("folder/a.jpg", "val")),
                from(0, new CaptionRow("7", 0, "1", "a cat")),
                from(1, new CaptionRow("7", 0, "1", "a dog"))));

        assertThat(pictures).hasSize(1);
        assertThat(pictures.get(0).split()).isEqualTo("val");
        assertThat(pictures.get(0).captions()).extracting(CaptionRow::captionId).containsExactly("1", "1#2");
    }

    @Test
    void otherNamesAndOtherSplitsAreOtherPictures() {
        assertThat(PictureRecords.of(List.of(
                        from(0, image("a.jpg", "train")),
                        from(1, image("b.jpg", "train")),
                        from(2, image("a.jpg", "val")))))
                .extracting(picture -> picture.images().get(0).fileName() + " " + picture.split())
                .containsExactly("a.jpg train", "b.jpg train", "a.jpg val");
    }

    @Test
    void questionsWithoutPicturesOfTheirOwnGoToTheOnlyOne() {
        SourcedRecord question =
                from(SourcedRecord.ANY_FILE, new QuestionRow("7", 0, "1", "how many?", List.of("two"), "two"));

        assertThat(PictureRecords.of(List.of(question, from(0, image("a.jpg", "")))))
                .singleElement()
                .satisfies(picture -> assertThat(picture.questions()).hasSize(1));
        assertThat(PictureRecords.of(List.of(question, from(0, image("a.jpg", "")), from(1, image("b.jpg", "")))))
                .extracting(picture ->
                        picture.images().size() + " " + picture.questions().size())
                .containsExactly("1 0", "1 0", "0 1");
    }

    @Test
    void theFileThatKnowsLeastSaysWhatIsAbsent() {
        ImageRow federated = new ImageRow("7", "a.jpg", 0, 0, SizeClaim.NONE, "", Known.of(List.of("cat"), List.of()));

        Known known = PictureRecords.of(List.of(from(0, image("a.jpg", "")), from(1, federated)))
                .get(0)
                .known();

        assertThat(known.isAbsent("cat")).isTrue();
        assertThat(known.isAbsent("dog")).isFalse();
    }

    private static ImageRow image(String name, String split) {
        return new ImageRow("7", name, 0, 0, SizeClaim.NONE, split);
    }

    private static SourcedRecord from(int file, AnnotationRecord row) {
        return new SourcedRecord(0, file, row);
    }
}
