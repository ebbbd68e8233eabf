package io.palispark.annotation;

import static io.palispark.annotation.Goldens.bytes;
import static io.palispark.annotation.Goldens.drain;
import static io.palispark.annotation.Goldens.findings;
import static io.palispark.annotation.Goldens.only;
import static io.palispark.annotation.Goldens.reasons;
import static io.palispark.annotation.Goldens.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palispark.SharedFolder;
import io.palispark.annotation.AnnotationRecord.FindingRow;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.Totals;
import io.palispark.geometry.Box;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CocoReaderTest {

    private static final String CATEGORIES = "\"categories\":[{\"id\":7,\"name\":\"cat\"}]";
    private static final String IMAGES = "\"images\":[{\"id\":1,\"file_name\":\"a.png\",\"height\":64,\"width\":48}]";

    private static List<AnnotationRecord> read(AnnotationSource source) throws IOException {
        return drain(CocoReader.open(source, ReadLimits.DEFAULT));
    }

    private static String document(String annotations) {
        return "{" + IMAGES + "," + CATEGORIES + ",\"annotations\":[" + annotations + "]}";
    }

    private static String annotation(String fields) {
        return "{\"id\":5,\"image_id\":1,\"category_id\":7,\"iscrowd\":0,\"area\":4," + fields + "}";
    }

    @Test
    void readsAnnotationsThatComeBeforeTheirImagesAndCategories() throws IOException {
        Path file = Goldens.folder("coco").resolve("annotations/instances_shapes.json");
        List<AnnotationRecord> records = read(AnnotationSource.of(file));
        assertThat(findings(records)).isEmpty();
        assertThat(only(ImageRow.class, records)).hasSize(6).startsWith(new ImageRow("1", "000001.png", 96, 128));
        assertThat(only(ObjectRow.class, records))
                .extracting(ObjectRow::label)
                .startsWith("cat", "dog", "traffic light", "person")
                .hasSize(13);
        assertThat(records).last().isEqualTo(new Totals(file.toString(), 6, 13, 0, 0));
    }

    @Test
    void readsTheSameRowsBareCompressedAndBehindAByteOrderMark() throws IOException {
        byte[] bare = Files.readAllBytes(Goldens.folder("coco").resolve("annotations/instances_shapes.json"));
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bare);
        }
        ByteArrayOutputStream marked = new ByteArrayOutputStream();
        marked.write(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
        marked.write(bare);
        List<AnnotationRecord> rows = read(bytes(bare));
        assertThat(read(bytes(packed.toByteArray()))).isEqualTo(rows);
        assertThat(read(bytes(marked.toByteArray()))).isEqualTo(rows);
    }

    @Test
    void rejectsACompressedFileThatIsCut() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(document(annotation("\"bbox\":[1,2,3,4]")).getBytes(StandardCharsets.UTF_8));
        }
        byte[] cut = Arrays.copyOf(packed.toByteArray(), packed.size() - 12);
        assertThat(reasons(read(bytes(cut)))).containsExactly(ReasonCode.SYNTAX_INVALID);
    }

    @Test
    void handsOutNoRowOfAFileThatBreaksInItsLastByte() throws IOException {
        String whole = document(annotation("\"bbox\":[1,2,3,4]"));
        List<AnnotationRecord> records = read(text(whole.substring(0, whole.length() - 1)));
        assertThat(reasons(records)).containsExactly(ReasonCode.SYNTAX_INVALID);
        assertThat(records).last().isEqualTo(new Totals("memory.json", 0, 0, 0, 0));
        assertThat(reasons(read(text(whole + "]")))).containsExactly(ReasonCode.SYNTAX_INVALID);
        assertThat(reasons(read(text(whole + "{}")))).containsExactly(ReasonCode.SYNTAX_INVALID);
    }

    @Test
    void joinsIdsByValueHoweverTheyAreSpelled() throws IOException {
        String rows = "{\"id\":1.0,\"image_id\":1.0,\"category_id\":\"7\",\"bbox\":[1,2,3,4],\"area\":1,\"iscrowd\":0}";
        List<AnnotationRecord> records = read(text(document(rows)));
        assertThat(only(ObjectRow.class, records))
                .containsExactly(new ObjectRow("1", 0, "1", "cat", new Box(1, 2, 3, 4), null, 1, false));
    }

    @Test
    void numbersRowsBeyondTheLargestIdOfTheFile() throws IOException {
        String noId = "{\"image_id\":1,\"category_id\":7,\"bbox\":[1,2,3,4],\"area\":1,\"iscrowd\":0}";
        String largest = annotation("\"bbox\":[1,2,3,4]").replace("\"id\":5", "\"id\":9223372036854775807");
        List<AnnotationRecord> records = read(text(document(noId + "," + largest + "," + largest)));
        assertThat(only(ObjectRow.class, records))
                .extracting(ObjectRow::objectId)
                .containsExactly("9223372036854775808", "9223372036854775807", "9223372036854775809");
        assertThat(reasons(records)).containsExactly(ReasonCode.ID_MISSING, ReasonCode.ID_DUPLICATE);
    }

    @Test
    void rejectsBothRowsOfAnImageIdWithTwoNames() throws IOException {
        String images = IMAGES.replace("]", ",{\"id\":1,\"file_name\":\"b.png\"}]");
        List<AnnotationRecord> records = read(text("{" + images + "," + CATEGORIES + ",\"annotations\":[]}"));
        assertThat(findings(records))
                .extracting(Finding::reason, Finding::outcome)
                .containsOnly(
                        org.assertj.core.groups.Tuple.tuple(ReasonCode.RECORD_CONTRADICTION, Outcome.REJECT_IMAGE))
                .hasSize(2);
        assertThat(records).last().isEqualTo(new Totals("memory.json", 2, 0, 0, 0));
    }

    @Test
    void streamsPastAPolygonThatIsTooLargeAndKeepsTheBox() throws IOException {
        String ring = "1,2,".repeat(50) + "3,4";
        ReadLimits limits = ReadLimits.DEFAULT.withPolygonVertices(50);
        List<AnnotationRecord> records = drain(CocoReader.open(
                text(document(annotation("\"bbox\":[1,2,3,4],\"segmentation\":[[1,1,2,2,3,1],[" + ring + "]]"))),
                limits));
        assertThat(only(ObjectRow.class, records)).singleElement().satisfies(row -> {
            assertThat(row.optionalRegion()).isEmpty();
            assertThat(row.box()).isEqualTo(new Box(1, 2, 3, 4));
        });
        assertThat(reasons(records)).containsExactly(ReasonCode.POLYGON_TOO_LARGE);
    }

    @Test
    void rejectsAFileBeyondTheLimitsOfNestingNumbersStringsAndRows() throws IOException {
        ReadLimits limits = new ReadLimits(8, 20, 100, 1000, 1000, 2, 100, 1_000_000, 1_000_000, "");
        String box = "\"bbox\":[1,2,3,4]";
        for (String annotations : List.of(
                annotation("\"extra\":" + "[".repeat(9) + "]".repeat(9)),
                annotation("\"bbox\":[1,2,3," + "4".repeat(21) + "]"),
                annotation("\"segmentation\":\"" + "x".repeat(101) + "\""))) {
            assertThat(reasons(drain(CocoReader.open(text(document(annotations)), limits))))
                    .containsExactly(ReasonCode.SYNTAX_INVALID);
        }
        String rows = annotation(box) + "," + annotation(box) + "," + annotation(box);
        assertThat(reasons(drain(CocoReader.open(text(document(rows)), limits))))
                .containsExactly(ReasonCode.ROW_COUNT_EXCEEDED);
    }

    @Test
    void ignoresLongStringsInKeysItDoesNotRead() throws IOException {
        ReadLimits limits = new ReadLimits(8, 20, 100, 1000, 1000, 2, 100, 1_000_000, 1_000_000, "");
        String row = annotation("\"bbox\":[1,2,3,4],\"imageData\":\"" + "x".repeat(10_000) + "\"");
        assertThat(only(ObjectRow.class, drain(CocoReader.open(text(document(row)), limits))))
                .hasSize(1);
    }

    @Test
    void findsAFileThatChangesBetweenTheTwoPasses() throws IOException {
        String[] contents = {document(annotation("\"bbox\":[1,2,3,4]")), "{\"images\":[{"};
        AnnotationSource changing = new AnnotationSource() {
            private int opened;

            @Override
            public String name() {
                return "changing.json";
            }

            @Override
            public java.io.InputStream open() throws IOException {
                return text(contents[opened++]).open();
            }
        };
        assertThatThrownBy(() -> read(changing))
                .isInstanceOf(java.io.UncheckedIOException.class)
                .hasMessageContaining("changing.json");
    }

    @Test
    @Tag("fetched")
    void readsEveryObjectOfTheHundredCocoImages() throws IOException {
        Path file = SharedFolder.require(
                "fixtures/fetched/faster_coco_eval/tests/dataset/cocoapi/instances_val2014_100.json");
        List<AnnotationRecord> records = read(AnnotationSource.of(file));
        assertThat(records).last().isEqualTo(new Totals(file.toString(), 100, 839, 0, 0));
        assertThat(only(ObjectRow.class, records)).hasSize(839);
        assertThat(only(FindingRow.class, records)).isEmpty();
    }
}
