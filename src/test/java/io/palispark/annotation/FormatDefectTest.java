package io.palispark.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.annotation.AnnotationInput.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of {@code formats/<format>/defects}: one defect each, its reason, outcome and what survives. */
class FormatDefectTest {

    /** How the single files of a format are read. */
    private interface Opening {
        List<AnnotationInput> inputs(Path defects, JsonNode golden) throws IOException;
    }

    private static final Map<String, Opening> OPENINGS = Map.ofEntries(
            Map.entry("yolo-detect", (defects, golden) -> yolo(AnnotationFormat.YOLO_DETECT, defects, golden)),
            Map.entry("yolo-segment", (defects, golden) -> yolo(AnnotationFormat.YOLO_SEGMENT, defects, golden)),
            Map.entry("lvis", (defects, golden) -> alone(AnnotationFormat.LVIS, defects, golden)),
            Map.entry("refcoco", FormatDefectTest::referring),
            Map.entry("mask-png", FormatDefectTest::masks),
            Map.entry("voc", FormatDefectTest::voc),
            Map.entry("labelme", (defects, golden) -> alone(AnnotationFormat.LABELME, defects, golden)),
            Map.entry("cvat", (defects, golden) -> alone(AnnotationFormat.CVAT, defects, golden)),
            Map.entry("label-studio", (defects, golden) -> alone(AnnotationFormat.LABEL_STUDIO, defects, golden)),
            Map.entry("csv", (defects, golden) -> alone(AnnotationFormat.CSV, defects, golden)),
            Map.entry("hf-imagefolder", FormatDefectTest::imageFolder),
            Map.entry("open-images", FormatDefectTest::openImages));

    static Stream<Arguments> cases() throws IOException {
        Stream<Arguments> all = Stream.empty();
        for (String format : OPENINGS.keySet().stream().sorted().toList()) {
            all = Stream.concat(
                    all,
                    Goldens.cases(format).stream()
                            .map(golden -> Arguments.of(
                                    format, Named.of(golden.get("file").asText(), golden))));
        }
        return all;
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("cases")
    void endsInItsReason(String format, JsonNode golden) throws IOException {
        Path defects = Goldens.folder(format).resolve("defects");
        JsonNode all = Goldens.json(defects.resolve("cases.json"));
        Path images = defects.resolve(all.path("images").asText("../train2014")).normalize();
        List<AnnotationInput> inputs = OPENINGS.get(format).inputs(defects, golden);
        List<AnnotationRecord> records = Goldens.drain(new AnnotationPlan(inputs, List.of()));
        ImageJoin join = ImageJoin.of(records, images);
        DefectCasesTest.assertOutcome(golden, join.findings());
        assertThat(join.objects()).hasSize(golden.get("kept").asInt());
        if (golden.has("bbox")) {
            assertThat(join.objects()).anySatisfy(object -> Goldens.assertBox(object.box(), golden.get("bbox")));
        }
    }

    private static List<AnnotationInput> yolo(AnnotationFormat format, Path defects, JsonNode golden) {
        Path file = defects.resolve(golden.get("file").asText());
        boolean yaml = file.toString().endsWith(".yaml");
        Path labels = yaml ? defects.resolve("labels/four-fields.txt") : file;
        Path names = yaml ? file : defects.resolve("../data.yaml").normalize();
        String picture = golden.path("image").isTextual() ? golden.get("image").asText() : "";
        Entry entry = Entry.of(AnnotationSource.of(labels), picture);
        return List.of(new AnnotationInput(
                format, "defect", List.of(entry), Map.of(YoloFormat.NAMES, AnnotationSource.of(names)), "test"));
    }

    private static List<AnnotationInput> voc(Path defects, JsonNode golden) throws IOException {
        String name = golden.get("file").asText();
        if (name.endsWith(".xml")) {
            return alone(AnnotationFormat.VOC, defects, golden);
        }
        AnnotationSource xml =
                AnnotationSource.of(defects.resolve(golden.get("xml").asText()));
        Map<String, AnnotationSource> files =
                Map.of(AnnotationInput.MAIN, xml, VocFormat.INSTANCES, AnnotationSource.of(defects.resolve(name)));
        Entry entry = new Entry(name, golden.get("image").asText(), files);
        return List.of(new AnnotationInput(AnnotationFormat.VOC, name, List.of(entry), Map.of(), "test"));
    }

    private static List<AnnotationInput> imageFolder(Path defects, JsonNode golden) throws IOException {
        Path folder = defects.resolve(golden.get("file").asText()).getParent();
        List<AnnotationSource> files = Goldens.namesBelow(folder).stream()
                .map(name -> AnnotationSource.of(folder.resolve(name), name))
                .toList();
        return AnnotationPlan.of(files, Optional.of(AnnotationFormat.HF_IMAGEFOLDER), ReadLimits.DEFAULT)
                .inputs();
    }

    /** The boxes file, or the segmentation file beside the boxes that its case names. */
    private static List<AnnotationInput> openImages(Path defects, JsonNode golden) throws IOException {
        List<AnnotationSource> files = new ArrayList<>();
        Path file = defects.resolve(golden.get("file").asText());
        files.add(AnnotationSource.of(file, file.getFileName().toString()));
        files.add(AnnotationSource.of(
                defects.resolve("../annotations/class-descriptions-boxable.csv"), "class-descriptions-boxable.csv"));
        for (String name : Goldens.namesBelow(defects.resolve("masks"))) {
            files.add(AnnotationSource.of(defects.resolve("masks").resolve(name), "masks/" + name));
        }
        if (golden.has("boxes")) {
            List<String> boxes = Files.readAllLines(defects.resolve("bbox/duplicate.csv"));
            String once = String.join("\n", boxes.subList(0, 2));
            files.add(Goldens.named("boxes.csv", once.getBytes(StandardCharsets.UTF_8)));
        }
        Path images = defects.resolve("../images/validation").normalize();
        return AnnotationPlan.of(
                        files,
                        new PictureNames(() -> Goldens.namesBelow(images)),
                        Optional.of(AnnotationFormat.OPEN_IMAGES),
                        ReadLimits.DEFAULT)
                .inputs();
    }

    private static List<AnnotationInput> referring(Path defects, JsonNode golden) throws IOException {
        String name = golden.get("file").asText();
        if (!golden.has("instances")) {
            return alone(AnnotationFormat.MDETR, defects, golden);
        }
        AnnotationSource pickle = AnnotationSource.of(defects.resolve(name), name);
        AnnotationSource instances =
                AnnotationSource.of(defects.resolve(golden.get("instances").asText()), "instances.json");
        return AnnotationPlan.of(List.of(pickle, instances), Optional.of(AnnotationFormat.REFCOCO), ReadLimits.DEFAULT)
                .inputs();
    }

    private static List<AnnotationInput> masks(Path defects, JsonNode golden) {
        String name = golden.get("file").asText();
        AnnotationSource file = AnnotationSource.of(defects.resolve(name), name);
        AnnotationFormat format = switch (name.substring(0, name.indexOf('/'))) {
            case "index", "palette" -> AnnotationFormat.MASK_INDICES;
            case "colour" -> AnnotationFormat.MASK_COLOURS;
            case "instance-16bit" -> AnnotationFormat.MASK_INSTANCES;
            default -> AnnotationFormat.MASK_OBJECTS;
        };
        String role = format == AnnotationFormat.MASK_OBJECTS
                ? PictureNames.lastPart(PictureNames.stem(name))
                : AnnotationInput.MAIN;
        String picture = golden.path("image").isTextual() ? golden.get("image").asText() : "";
        Map<String, AnnotationSource> shared = Map.of(
                MaskFormat.role("classes.json"), AnnotationSource.of(defects.resolve("../classes.json")),
                MaskFormat.role("colours.csv"), AnnotationSource.of(defects.resolve("../colours.csv")));
        Entry entry = new Entry(name, picture, Map.of(role, file));
        return List.of(new AnnotationInput(format, name, List.of(entry), shared, "test"));
    }

    /** The file as the only one of its dataset. */
    private static List<AnnotationInput> alone(AnnotationFormat format, Path defects, JsonNode golden)
            throws IOException {
        JsonNode all = Goldens.json(defects.resolve("cases.json"));
        Path images = defects.resolve(all.path("images").asText("../train2014")).normalize();
        String name = golden.get("file").asText();
        return AnnotationPlan.of(
                        List.of(AnnotationSource.of(
                                defects.resolve(name),
                                Path.of(name).getFileName().toString())),
                        new PictureNames(() -> Goldens.namesBelow(images)),
                        Optional.of(format),
                        ReadLimits.DEFAULT)
                .inputs();
    }
}
