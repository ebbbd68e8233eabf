package io.palispark.annotation;

import static io.palispark.annotation.Goldens.drain;
import static io.palispark.annotation.Goldens.only;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.Orientation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameRuleTest {

    private static final ImageSize STORED = new ImageSize(24, 40);

    private static FrameDecision decide(int declaredHeight, int declaredWidth, int orientation) {
        ImageRow row = new ImageRow("1", "a.jpg", declaredHeight, declaredWidth);
        return new FrameRule("a.json", Frame.STORED).decide(row, STORED, orientation);
    }

    @ParameterizedTest
    @CsvSource({"coco-stored.json,STORED", "coco-upright.json,UPRIGHT"})
    void bothCocoFilesOfTheTurnedPicturesStateTheSameObject(String file, Frame policy) throws IOException {
        Path folder = Goldens.folder("exif");
        List<AnnotationRecord> records =
                drain(CocoReader.open(AnnotationSource.of(folder.resolve(file)), ReadLimits.DEFAULT));
        Map<String, ImageRow> images = new HashMap<>();
        Map<String, ObjectRow> objects = new HashMap<>();
        only(ImageRow.class, records).forEach(row -> images.put(row.fileName(), row));
        only(ObjectRow.class, records).forEach(row -> objects.put(row.imageId(), row));
        for (JsonNode expected : Goldens.json(folder.resolve("expected.json")).get("images")) {
            ImageRow image = images.get(expected.get("image").asText());
            int orientation = expected.get("orientation").asInt();
            ImageSize stored = size(expected.get("stored_size"));
            FrameDecision decision = new FrameRule(file, policy).decide(image, stored, orientation);
            assertThat(decision.isRejected()).isFalse();
            assertThat(decision.findings())
                    .as(image.fileName())
                    .hasSize(expected.get("ambiguous").asBoolean() ? 1 : 0)
                    .allMatch(finding -> finding.reason() == ReasonCode.EXIF_AMBIGUOUS);
            Box box = ObjectCheck.check(file, objects.get(image.imageId()), decision.size())
                    .box();
            Box upright = switch (decision.frame()) {
                case STORED -> Orientation.ofExif(orientation).apply(box, stored);
                case UPRIGHT -> box;
            };
            assertThat(upright).as(image.fileName()).isEqualTo(Goldens.box(expected.get("upright_bbox")));
        }
    }

    private static ImageSize size(JsonNode widthAndHeight) {
        return new ImageSize(
                widthAndHeight.get(1).asInt(), widthAndHeight.get(0).asInt());
    }

    @Test
    void sizesTellAQuarterTurnWhateverThePolicy() {
        assertThat(decide(40, 24, 6).frame()).isEqualTo(Frame.UPRIGHT);
        assertThat(decide(40, 24, 6).size()).isEqualTo(STORED.transposed());
        assertThat(decide(24, 40, 6).frame()).isEqualTo(Frame.STORED);
        assertThat(decide(40, 24, 6).findings()).isEmpty();
    }

    @Test
    void aHalfTurnIsAmbiguous() {
        assertThat(decide(24, 40, 3).findings())
                .singleElement()
                .extracting(Finding::reason, Finding::outcome)
                .containsExactly(ReasonCode.EXIF_AMBIGUOUS, Outcome.WARN);
    }

    @Test
    void anAbsentSizeIsTakenFromThePicture() {
        FrameDecision decision = decide(0, 0, 6);
        assertThat(decision.size()).isEqualTo(STORED);
        assertThat(decision.findings())
                .extracting(Finding::reason)
                .containsExactly(ReasonCode.IMAGE_SIZE_MISSING, ReasonCode.EXIF_AMBIGUOUS);
    }

    @Test
    void aSizeOfNeitherFrameRejectsTheImageAndNamesARescaledPicture() {
        assertThat(decide(48, 80, 1).isRejected()).isTrue();
        assertThat(decide(48, 80, 1).findings().get(0).detail()).contains("same aspect");
        assertThat(decide(48, 81, 1).findings().get(0).detail()).doesNotContain("same aspect");
        assertThat(decide(40, 24, 3).isRejected()).isTrue();
    }
}
