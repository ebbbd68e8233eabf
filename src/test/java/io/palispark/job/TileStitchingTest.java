package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.RunLengthMask;
import io.palispark.job.Prediction.Answer;
import io.palispark.job.Prediction.DetectedObject;
import io.palispark.job.Prediction.Failure;
import io.palispark.job.Prediction.ModelText;
import io.palispark.job.Prediction.ObjectScores;
import io.palispark.job.TileStitching.TileAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TileStitchingTest {

    private static final ImageSize PICTURE = new ImageSize(100, 180);
    private static final PixelBox LEFT = new PixelBox(0, 0, 100, 100);
    private static final PixelBox RIGHT = new PixelBox(0, 80, 100, 180);
    private static final PixelBox ALL = new PixelBox(0, 0, 100, 180);

    private static final AnswerRules RULES = rules();

    private static AnswerRules rules(String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("input.path=answers.jsonl");
        all.add("output.path=out");
        return DecodeConfig.read(Optional.empty(), all).rules();
    }

    private static DetectedObject object(String label, Box box, double score) {
        return new DetectedObject(label, box, Optional.empty(), score, ObjectScores.UNKNOWN);
    }

    private static TileAnswer tile(PixelBox block, DetectedObject... objects) {
        Answer answer = new Answer(
                Optional.of(new ImageSize(block.height(), block.width())),
                ModelText.of("written by the model"),
                List.of(objects),
                List.of());
        return new TileAnswer(block, new Prediction("a.jpg", "detect cat", answer));
    }

    private static Answer stitched(TileAnswer... tiles) {
        return (Answer)
                new TileStitching(0.5, RULES).stitch(PICTURE, List.of(tiles)).outcome();
    }

    @Test
    void theSameObjectOnTwoTilesIsOneAndTheSurerStays() {
        Answer answer = stitched(
                tile(LEFT, object("cat", new Box(82, 10, 15, 20), 0.5)),
                tile(RIGHT, object("cat", new Box(3, 10, 14, 20), 0.9)));

        assertThat(answer.objects()).singleElement().satisfies(cat -> {
            assertThat(cat.box()).isEqualTo(new Box(83, 10, 14, 20));
            assertThat(cat.score()).isEqualTo(0.9);
        });
        assertThat(answer.defects()).extracting(Prediction.AnswerDefect::code).containsExactly("seam-joined");
    }

    @Test
    void aWholeObjectReplacesThePieceThatASeamCuts() {
        Answer answer = stitched(
                tile(LEFT, object("cat", new Box(85, 10, 15, 20), 0.99)),
                tile(RIGHT, object("cat", new Box(5, 10, 40, 20), 0.3)));

        assertThat(answer.objects()).extracting(DetectedObject::box).containsExactly(new Box(85, 10, 40, 20));
    }

    @Test
    void piecesThatTwoSeamsCutAreJoined() {
        Answer answer = stitched(
                tile(LEFT, object("cat", new Box(30, 10, 70, 20), 0.8)),
                tile(RIGHT, object("cat", new Box(0, 10, 60, 20), 0.7)));

        assertThat(answer.objects()).extracting(DetectedObject::box).containsExactly(new Box(30, 10, 110, 20));
    }

    @Test
    void neighboursAndOtherLabelsStayApart() {
        Answer answer = stitched(
                tile(LEFT, object("cat", new Box(81, 10, 8, 20), 0.8), object("dog", new Box(90, 10, 8, 20), 0.8)),
                tile(RIGHT, object("cat", new Box(10, 10, 8, 20), 0.8)));

        assertThat(answer.objects()).hasSize(3);
    }

    @Test
    void whatOverlapsASurerObjectOfAnotherTileIsSuppressed() {
        List<TileAnswer> tiles = List.of(
                tile(LEFT, object("cat", new Box(82, 10, 15, 20), 0.5), object("dog", new Box(82, 10, 15, 20), 0.4)),
                tile(RIGHT, object("cat", new Box(4, 10, 15, 20), 0.9)));

        Answer answer = (Answer) new TileStitching(0.95, rules("suppression.method=nms"))
                .stitch(PICTURE, tiles)
                .outcome();

        assertThat(answer.objects()).extracting(DetectedObject::score).containsExactly(0.9, 0.4);
        assertThat(answer.defects()).extracting(Prediction.AnswerDefect::code).containsExactly("overlap-suppressed");
    }

    @Test
    void masksAndTextAreInThePicturesFrame() {
        RunLengthMask mask =
                RunLengthMask.placed(new ImageSize(100, 100), new PixelBox(10, 5, 12, 7), new byte[] {1, 1, 1, 1});
        DetectedObject cat =
                new DetectedObject("cat", new Box(5, 10, 2, 2), Optional.of(mask), 1, ObjectScores.UNKNOWN);

        Answer answer = stitched(tile(LEFT), tile(RIGHT, cat));

        assertThat(answer.objects().get(0).mask().orElseThrow().pixelBounds()).isEqualTo(new PixelBox(10, 85, 12, 87));
        assertThat(answer.objects().get(0).mask().orElseThrow().size()).isEqualTo(PICTURE);
        assertThat(answer.text().text()).isEqualTo("<loc0102><loc0483><loc0123><loc0494> cat");
    }

    @Test
    void anObjectLargerThanATileComesFromTheWholePicture() {
        Answer answer = stitched(
                tile(LEFT, object("cat", new Box(10, 10, 90, 20), 0.8)),
                tile(RIGHT, object("cat", new Box(0, 10, 90, 20), 0.8)),
                tile(ALL, object("cat", new Box(10, 11, 160, 19), 0.6)));

        assertThat(answer.objects()).extracting(DetectedObject::box).containsExactly(new Box(10, 11, 160, 19));
    }

    @Test
    void aTileWithoutAnAnswerLeavesThePictureWithoutOne() {
        TileAnswer failed = new TileAnswer(RIGHT, new Prediction("a.jpg", "detect cat", new Failure("code", "why")));

        assertThat(new TileStitching(0.5, RULES)
                        .stitch(PICTURE, List.of(tile(LEFT), failed))
                        .outcome())
                .isEqualTo(new Failure("code", "why"));
    }
}
