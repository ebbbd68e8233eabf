package io.palispark.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.geometry.ImageSize;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Datasets with one hostile file each, mutated from the goldens; {@code -Dfuzz.count} sets how many a format. No exception
 * escapes, every row that was counted is itself or one reject, and no picture lies outside its root.
 */
class FormatFuzzTest {

    private static final int FILES = Integer.getInteger("fuzz.count", 30);
    private static final ImageSize SIZE = new ImageSize(64, 64);

    private static final Map<AnnotationFormat, String> FOLDERS = Map.ofEntries(
            Map.entry(AnnotationFormat.ADE20K, "ade20k"),
            Map.entry(AnnotationFormat.LABELME, "labelme"),
            Map.entry(AnnotationFormat.LABELME_XML, "labelme-xml"),
            Map.entry(AnnotationFormat.CREATEML, "createml"),
            Map.entry(AnnotationFormat.CREATEML_CORNER, "createml-corner"),
            Map.entry(AnnotationFormat.COCO, "coco/annotations"),
            Map.entry(AnnotationFormat.LVIS, "lvis"),
            Map.entry(AnnotationFormat.REFCOCO, "refcoco/refer/refshapes"),
            Map.entry(AnnotationFormat.MDETR, "refcoco/mdetr"),
            Map.entry(AnnotationFormat.COCO_CAPTIONS, "coco-captions/annotations"),
            Map.entry(AnnotationFormat.VQAV2, "vqav2"),
            Map.entry(AnnotationFormat.YOLO_DETECT, "yolo-detect"),
            Map.entry(AnnotationFormat.YOLO_SEGMENT, "yolo-segment"),
            Map.entry(AnnotationFormat.VOC, "voc/VOC2012"),
            Map.entry(AnnotationFormat.VOC_ZERO_BASED, "voc/VOC2012"),
            Map.entry(AnnotationFormat.LABEL_STUDIO, "label-studio"),
            Map.entry(AnnotationFormat.CVAT, "cvat"),
            Map.entry(AnnotationFormat.PALIGEMMA_JSONL, "paligemma-jsonl"),
            Map.entry(AnnotationFormat.PALIGEMMA_JSONL_1024, "paligemma-jsonl"),
            Map.entry(AnnotationFormat.HF_IMAGEFOLDER, "hf-imagefolder"),
            Map.entry(AnnotationFormat.OPEN_IMAGES, "open-images"),
            Map.entry(AnnotationFormat.CSV, "csv"),
            Map.entry(AnnotationFormat.COCO_PANOPTIC, "coco-panoptic"),
            Map.entry(AnnotationFormat.COCO_TEXT, "coco-text"),
            Map.entry(AnnotationFormat.CITYSCAPES, "cityscapes"),
            Map.entry(AnnotationFormat.MASK_INDICES, "mask-png"),
            Map.entry(AnnotationFormat.MASK_COLOURS, "mask-png"),
            Map.entry(AnnotationFormat.MASK_INSTANCES, "mask-png"),
            Map.entry(AnnotationFormat.MASK_OBJECTS, "mask-png"));

    /** Pieces that break readers: numbers, paths, entities, structure. */
    private static final List<String> PIECES = List.of(
            "NaN",
            "-1",
            "1e999",
            "99999999999999999999",
            "0",
            "../../etc/passwd",
            "C:\\x.png",
            "file:///etc/passwd",
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
            "&x;",
            "\u0000",
            "\uFFFD",
            "{",
            "}",
            "[[[[[[[[",
            "]",
            "<a>",
            "</a>",
            "\"",
            ",",
            ";",
            "\n",
            "&a !!java.lang.Runtime *a",
            "<loc1024>",
            "null",
            "true");

    private record Memory(String name, byte[] content) implements AnnotationSource {
        @Override
        public InputStream open() {
            return new ByteArrayInputStream(content);
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneHostileFileHurtsNothing(AnnotationFormat format) throws IOException {
        Random random = new Random(20261124 + format.ordinal());
        Path folder = Goldens.folder(FOLDERS.get(format));
        List<Memory> files = new ArrayList<>();
        List<String> names = Goldens.namesBelow(folder);
        for (String name : names) {
            if (!name.startsWith("defects/") && !name.startsWith("expected")) {
                files.add(new Memory(name, Files.readAllBytes(folder.resolve(name))));
            }
        }
        for (int i = 0; i < FILES; i++) {
            List<Memory> hostile = new ArrayList<>(files);
            int at = random.nextInt(files.size());
            hostile.set(
                    at, new Memory(files.get(at).name(), mutated(files.get(at).content(), random)));
            read(hostile, names, i % 4 == 0 ? Optional.empty() : Optional.of(format));
        }
    }

    private static void read(List<Memory> files, List<String> names, Optional<AnnotationFormat> stated)
            throws IOException {
        AnnotationPlan plan = AnnotationPlan.of(files, new PictureNames(() -> names), stated, ReadLimits.DEFAULT);
        List<AnnotationRecord> records = Goldens.drain(plan);
        DefectCasesTest.assertCounted(records);
        for (ImageRow row : Goldens.only(ImageRow.class, records)) {
            assertThat(SafeName.of(row.fileName()).map(SafeName::path)).contains(row.fileName());
        }
        for (ObjectRow row : Goldens.only(ObjectRow.class, records)) {
            CheckedObject object = ObjectCheck.check("fuzz", row, SIZE);
            assertThat(object.isRejected() || !object.box().isEmpty()).isTrue();
            assertThat(row.label()).isNotBlank();
        }
    }

    private static byte[] mutated(byte[] whole, Random random) {
        byte[] bytes = whole;
        for (int change = random.nextInt(3); change >= 0; change--) {
            bytes = changed(bytes, random);
        }
        return bytes;
    }

    private static byte[] changed(byte[] whole, Random random) {
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        int at = random.nextInt(whole.length + 1);
        int end = Math.min(whole.length, at + random.nextInt(12));
        changed.write(whole, 0, at);
        switch (random.nextInt(5)) {
            case 0 -> changed.write(random.nextInt(256));
            case 1 ->
                changed.writeBytes(PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8));
            case 2 -> changed.write(whole, at / 2, Math.min(64, whole.length - at / 2));
            case 3 -> end = random.nextInt(8) == 0 ? whole.length : end;
            default -> {
                for (int i = at; i < end; i++) {
                    changed.write(whole[i] ^ 1 << random.nextInt(8));
                }
            }
        }
        changed.write(whole, end, whole.length - end);
        return changed.toByteArray();
    }
}
