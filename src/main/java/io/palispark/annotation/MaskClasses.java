package io.palispark.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Names of the values of label pictures.
 *
 * @param names by class number, or by colour as 0xRRGGBB
 */
record MaskClasses(Map<Integer, String> names) {

    private static final Set<String> NO_OBJECT = Set.of(
            "background",
            "ignore",
            "void",
            "other",
            "unlabeled",
            "unlabelled",
            "ego vehicle",
            "out of roi",
            "rectification border");

    /** The class ids of Cityscapes, from 0. */
    private static final List<String> CITYSCAPES = List.of(
            "unlabeled",
            "ego vehicle",
            "rectification border",
            "out of roi",
            "static",
            "dynamic",
            "ground",
            "road",
            "sidewalk",
            "parking",
            "rail track",
            "building",
            "wall",
            "fence",
            "guard rail",
            "bridge",
            "tunnel",
            "pole",
            "polegroup",
            "traffic light",
            "traffic sign",
            "vegetation",
            "terrain",
            "sky",
            "person",
            "rider",
            "car",
            "truck",
            "bus",
            "caravan",
            "trailer",
            "train",
            "motorcycle",
            "bicycle");

    /** Cityscapes' classes from here on have instances; the ones before are stuff. */
    static final int FIRST_CITYSCAPES_THING = 24;

    static MaskClasses cityscapes() {
        Map<Integer, String> names = new HashMap<>();
        for (int id = 0; id < CITYSCAPES.size(); id++) {
            names.put(id, CITYSCAPES.get(id));
        }
        return new MaskClasses(names);
    }

    /** A JSON object of names by number, or a CSV of r, g, b and name. */
    static MaskClasses read(AnnotationSource source, ReadLimits limits) throws IOException, DocumentException {
        Map<Integer, String> names = new HashMap<>();
        if (FileListing.isJson(source.name())) {
            JsonNode root = SmallDocument.object(source, limits);
            for (var field : root.properties()) {
                StatedNumber number = StatedNumber.of(field.getKey());
                if (number.isValid() && number.value() == (int) number.value()) {
                    names.put((int) number.value(), field.getValue().asText(""));
                }
            }
        } else {
            LineSteps.walk(source, limits, (line, number) -> {
                List<String> fields = CsvLine.fields(line).orElse(List.of());
                if (fields.size() == 4 && !fields.get(0).equalsIgnoreCase("r")) {
                    names.put(
                            channel(fields.get(0)) << 16 | channel(fields.get(1)) << 8 | channel(fields.get(2)),
                            fields.get(3));
                }
            });
        }
        if (names.isEmpty()) {
            throw new DocumentException(ReasonCode.KEY_MISSING, source.name() + " names no class");
        }
        return new MaskClasses(names);
    }

    private static int channel(String text) throws DocumentException {
        StatedNumber number = StatedNumber.of(text);
        if (!number.isValid() || number.value() < 0 || number.value() > 255 || number.value() % 1 != 0) {
            throw new DocumentException(ReasonCode.NUMBER_INVALID, number.stated() + " is no part of a colour");
        }
        return (int) number.value();
    }

    /** True for values whose name says that there is no object. */
    boolean isBackground(int value) {
        String name = names.get(value);
        return name == null ? value == 0 : NO_OBJECT.contains(name.toLowerCase(Locale.ROOT));
    }

    boolean isName(String name) {
        return names.containsValue(name);
    }
}
