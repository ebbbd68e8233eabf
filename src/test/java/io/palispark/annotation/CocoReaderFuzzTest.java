package io.palispark.annotation;

import static io.palispark.annotation.Goldens.bytes;
import static io.palispark.annotation.Goldens.drain;
import static io.palispark.annotation.Goldens.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.Totals;
import io.palispark.geometry.ImageSize;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Mutated COCO rows; {@code -Dfuzz.count} sets how many. */
class CocoReaderFuzzTest {

    private static final int ROWS = Integer.getInteger("fuzz.count", 5000);
    private static final int ROWS_A_FILE = 50;
    private static final String[] VALUES = {
        "null",
        "true",
        "-1",
        "0",
        "1e999",
        "NaN",
        "-Infinity",
        "\"\"",
        "\"7\"",
        "[]",
        "{}",
        "[[]]",
        "[[1,2]]",
        "[1,2,3]",
        "[[0,0,9,0,9,9],[1]]",
        "{\"size\":[6,6],\"counts\":\"0T1\"}",
        "{\"size\":[6,6],\"counts\":[36]}",
        "{\"size\":[1e9,1e9],\"counts\":[1]}",
        "{\"counts\":[-1]}",
        "[1e308,-1e308,1e308,1e308]",
        "12345678901234567890123",
        "1.5",
        "[[1,1,5,5,1e300,1]]",
        "\"\\u0000\\ud800\"",
        "[1,2,3,4]",
        "[{\"size\":[6,6],\"counts\":\"0T1\"}]"
    };
    private static final String[] KEYS = {
        "id",
        "image_id",
        "category_id",
        "bbox",
        "segmentation",
        "area",
        "iscrowd",
        "caption",
        "segments_info",
        "\\u0000"
    };

    private final Random random = new Random(20260);

    @Test
    void everyMutatedRowIsAnObjectOrOneReject() throws IOException {
        long rows = 0;
        while (rows < ROWS) {
            List<String> annotations = new ArrayList<>();
            for (int i = 0; i < ROWS_A_FILE; i++) {
                annotations.add(row());
            }
            String document = "{\"annotations\":[" + String.join(",", annotations) + "],\"images\":[" + image() + ","
                    + image() + "],\"categories\":[" + category() + "]}";
            List<AnnotationRecord> records =
                    drain(CocoReader.open(bytes(document.getBytes(StandardCharsets.UTF_8)), ReadLimits.DEFAULT));
            DefectCasesTest.assertLedger(records);
            Totals totals = only(Totals.class, records).get(0);
            assertThat(totals.objects()).as(document).isIn((long) ROWS_A_FILE, 0L);
            check(records);
            rows += ROWS_A_FILE;
        }
    }

    @Test
    void aFileOfMutatedBytesIsReadOrRejected() throws IOException {
        byte[] whole = ("{\"annotations\":[" + row() + "," + row() + "],\"images\":[" + image() + "],\"categories\":["
                        + category() + "]}")
                .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < ROWS; i++) {
            List<AnnotationRecord> records = drain(CocoReader.open(bytes(mutated(whole)), ReadLimits.DEFAULT));
            DefectCasesTest.assertLedger(records);
            check(records);
        }
    }

    private static void check(List<AnnotationRecord> records) {
        for (ObjectRow row : only(ObjectRow.class, records)) {
            CheckedObject object = ObjectCheck.check("fuzz", row, new ImageSize(6, 6));
            assertThat(object.isRejected() || !object.box().isEmpty()).isTrue();
        }
    }

    private String row() {
        StringBuilder row = new StringBuilder("{\"id\":" + random.nextInt(60) + ",\"image_id\":1,\"category_id\":7");
        row.append(",\"bbox\":[1,1,4,4],\"area\":16,\"iscrowd\":0,\"segmentation\":[[1,1,5,1,5,5]]}");
        String text = row.toString();
        for (int change = random.nextInt(3); change > 0; change--) {
            text = changed(text);
        }
        return text;
    }

    private String changed(String row) {
        String key = KEYS[random.nextInt(KEYS.length)];
        String value = VALUES[random.nextInt(VALUES.length)];
        return switch (random.nextInt(4)) {
            case 0 -> value;
            case 1 ->
                row.startsWith("{")
                        ? "{\"" + key + "\":" + value + (row.length() > 2 ? "," : "") + row.substring(1)
                        : row;
            case 2 ->
                row.replaceFirst(
                        "\"" + key.replace("\\", "\\\\") + "\":(\\[\\[.*?]]|\\[.*?]|[^,}]*)",
                        "\"" + key.replace("\\", "\\\\") + "\":" + value.replace("\\", "\\\\"));
            default -> row.replaceFirst("\"" + key.replace("\\", "\\\\") + "\"", "\"other\"");
        };
    }

    private String image() {
        String image = "{\"id\":1,\"file_name\":\"a.png\",\"height\":6,\"width\":6}";
        return random.nextInt(4) == 0 ? image.replace("1", VALUES[random.nextInt(VALUES.length)]) : image;
    }

    private String category() {
        String category = "{\"id\":7,\"name\":\"cat\"}";
        return random.nextInt(8) == 0 ? category.replace("\"cat\"", VALUES[random.nextInt(VALUES.length)]) : category;
    }

    private byte[] mutated(byte[] whole) {
        ByteArrayOutputStream mutated = new ByteArrayOutputStream();
        int at = random.nextInt(whole.length);
        mutated.write(whole, 0, at);
        switch (random.nextInt(4)) {
            case 0 -> mutated.write(random.nextInt(256));
            case 1 -> mutated.write(whole, random.nextInt(at + 1), 1);
            case 2 -> at = Math.min(whole.length, at + random.nextInt(20));
            default -> at = whole.length;
        }
        mutated.write(whole, at, whole.length - at);
        return mutated.toByteArray();
    }
}
