package io.palispark.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.annotation.AnnotationRecord.FindingRow;
import io.palispark.geometry.Box;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The committed format goldens, and readers drained into lists. */
final class Goldens {

    private Goldens() {}

    static Path folder(String format) {
        try {
            return Path.of(Objects.requireNonNull(Goldens.class.getResource("/formats/" + format))
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    static List<JsonNode> cases(String format) throws IOException {
        List<JsonNode> cases = new ArrayList<>();
        json(folder(format).resolve("defects/cases.json")).get("cases").forEach(cases::add);
        return cases;
    }

    static Box box(JsonNode sides) {
        return new Box(
                sides.get(0).asDouble(),
                sides.get(1).asDouble(),
                sides.get(2).asDouble(),
                sides.get(3).asDouble());
    }

    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    static boolean vqaImage(Path folder, String imageId) {
        String name = String.format(Locale.ROOT, "COCO_val2014_%012d.jpg", Long.parseLong(imageId));
        return Files.exists(folder.resolve(name));
    }

    /** The files of a folder, sorted into inputs, with the pictures of another. */
    static AnnotationPlan plan(Path annotations, Path images, Optional<AnnotationFormat> stated) throws IOException {
        List<AnnotationSource> sources = new ArrayList<>();
        if (Files.isRegularFile(annotations)) {
            sources.add(
                    AnnotationSource.of(annotations, annotations.getFileName().toString()));
            return AnnotationPlan.of(sources, new PictureNames(() -> namesBelow(images)), stated, ReadLimits.DEFAULT);
        }
        for (String name : namesBelow(annotations)) {
            if (!name.startsWith("defects/") && !name.startsWith("expected")) {
                sources.add(AnnotationSource.of(annotations.resolve(name), name));
            }
        }
        return AnnotationPlan.of(sources, new PictureNames(() -> namesBelow(images)), stated, ReadLimits.DEFAULT);
    }

    static List<String> namesBelow(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Everything that the inputs hold; the sums of each are checked. */
    static List<AnnotationRecord> drain(AnnotationPlan plan) throws IOException {
        List<AnnotationRecord> all = new ArrayList<>();
        for (AnnotationInput input : plan.inputs()) {
            List<AnnotationRecord> records = drain(input.open(ReadLimits.DEFAULT));
            DefectCasesTest.assertLedger(records);
            all.addAll(records);
        }
        return all;
    }

    static void assertBox(Box box, JsonNode expected) {
        double[] sides = {box.x(), box.y(), box.width(), box.height()};
        for (int i = 0; i < sides.length; i++) {
            assertThat(sides[i]).isCloseTo(expected.get(i).asDouble(), offset(1e-6));
        }
    }

    static AnnotationSource text(String json) {
        return bytes(json.getBytes(StandardCharsets.UTF_8));
    }

    static AnnotationSource bytes(byte[] content) {
        return named("memory.json", content);
    }

    static AnnotationSource named(String name, byte[] content) {
        return new AnnotationSource() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(content);
            }
        };
    }

    static List<AnnotationRecord> drain(AnnotationReader opened) throws IOException {
        try (AnnotationReader reader = opened) {
            return drainAll(reader);
        }
    }

    private static List<AnnotationRecord> drainAll(Iterator<AnnotationRecord> reader) {
        List<AnnotationRecord> records = new ArrayList<>();
        reader.forEachRemaining(records::add);
        return records;
    }

    static <T extends AnnotationRecord> List<T> only(Class<T> kind, List<AnnotationRecord> records) {
        return records.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    static List<Finding> findings(List<AnnotationRecord> records) {
        return only(FindingRow.class, records).stream().map(FindingRow::finding).toList();
    }

    static List<ReasonCode> reasons(List<AnnotationRecord> records) {
        return findings(records).stream().map(Finding::reason).toList();
    }
}
