package io.palispark.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import io.palispark.report.Outline;
import io.palispark.report.PictureCard;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** Audited objects as examples: the worst of each size, as JSON and as pictures. */
final class AuditExamples {

    /** Key of the worst objects by size in audit.json. */
    static final String KEY = "worst_by_size";

    static final Comparator<AuditedObject> WORST_FIRST = Comparator.comparingDouble(AuditedObject::rounded)
            .thenComparing(AuditedObject::imageId)
            .thenComparing(AuditedObject::objectId);

    private static final int EACH_SIZE = 6;

    private AuditExamples() {}

    /** The worst few of each size class, by size class; the same for any way of cutting the objects into parts. */
    static TreeMap<String, List<AuditedObject>> worst(List<AuditedObject> objects) {
        TreeMap<String, List<AuditedObject>> bySize = new TreeMap<>();
        objects.stream().sorted(WORST_FIRST).forEach(object -> {
            List<AuditedObject> kept = bySize.computeIfAbsent(object.sizeClass(), absent -> new ArrayList<>());
            if (kept.size() < EACH_SIZE) {
                kept.add(object);
            }
        });
        return bySize;
    }

    /** The worst objects of a size in audit.json; empty where it has none. */
    static List<AuditedObject> read(JsonNode audit, String size) {
        ObjectMapper json = new ObjectMapper();
        List<AuditedObject> objects = new ArrayList<>();
        try {
            for (JsonNode object : audit.path(KEY).path(size)) {
                objects.add(json.treeToValue(object, AuditedObject.class));
            }
        } catch (JsonProcessingException foreign) {
            throw new IllegalArgumentException(
                    "Cannot read the examples of audit.json: " + foreign.getOriginalMessage() + "; run audit again",
                    foreign);
        }
        return objects;
    }

    static List<PictureCard> cards(List<AuditedObject> objects) {
        return objects.stream().map(AuditExamples::card).toList();
    }

    /** Original left, decoded right, both cut to the object. */
    private static PictureCard card(AuditedObject object) {
        ImageSize size = new ImageSize(object.height(), object.width());
        MaskPath original = MaskPath.of(RunLengthMask.parse(size, object.original()));
        MaskPath pasted = MaskPath.of(RunLengthMask.parse(size, object.pasted()));
        MaskPath.Pair pair = MaskPath.sideBySide(original, pasted);
        return new PictureCard(
                object.label() + " " + object.objectId(),
                "",
                pair.height(),
                pair.width(),
                List.of(
                        new Outline("", 0, 0, pair.width() / 2.0, pair.height(), pair.left()),
                        new Outline("", pair.width() / 2.0, 0, pair.width() / 2.0, pair.height(), pair.right())),
                List.of("IoU %.3f, official paste %.3f, %s"
                        .formatted(object.rounded(), object.floored(), object.sizeClass())));
    }
}
