package io.palispark.annotation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The references of a pickle, by the object that they refer to. */
final class Expressions {

    /** Splits that occur in the published sets. */
    private static final Set<String> SPLITS = Set.of("train", "val", "test", "testA", "testB", "testC");

    /**
     * One reference: what people said to tell an object from the others.
     *
     * @param texts at least one, not yet checked
     * @param defect what is wrong with the reference itself; a reject or a warning
     */
    record Reference(
            String id, String object, String image, String split, List<String> texts, Optional<Defect> defect) {

        Reference {
            texts = texts.isEmpty() ? List.of("") : List.copyOf(texts);
        }

        boolean isRejected() {
            return defect.isPresent() && defect.get().outcome().isReject();
        }
    }

    private final Map<String, List<Reference>> byObject = new HashMap<>();
    private final Map<String, Set<String>> splitsOfImages = new HashMap<>();
    private final Set<String> ids = new HashSet<>();

    Expressions(Object pickle) throws DocumentException {
        if (!(pickle instanceof List<?> references)) {
            throw new DocumentException(ReasonCode.DOCUMENT_KIND_UNEXPECTED, "the pickle is no list of references");
        }
        for (int i = 0; i < references.size(); i++) {
            if (!(references.get(i) instanceof Map<?, ?> fields)) {
                throw new DocumentException(
                        ReasonCode.DOCUMENT_KIND_UNEXPECTED, "reference " + i + " of the pickle is no dict");
            }
            add(reference(fields));
        }
    }

    private void add(Reference reference) {
        byObject.computeIfAbsent(reference.object(), object -> new ArrayList<>(1))
                .add(reference);
        splitsOfImages
                .computeIfAbsent(reference.image(), image -> new HashSet<>(2))
                .add(reference.split());
    }

    private Reference reference(Map<?, ?> fields) {
        String id = text(fields, "ref_id");
        String split = text(fields, "split");
        List<String> texts = new ArrayList<>();
        if (fields.get("sentences") instanceof List<?> sentences) {
            for (Object sentence : sentences) {
                texts.add(sentence instanceof Map<?, ?> one ? text(one, "sent") : "");
            }
        }
        Optional<Defect> defect = Optional.empty();
        if (split.isEmpty()) {
            defect = Optional.of(Defect.reject(ReasonCode.KEY_MISSING, "no split"));
        } else if (!SPLITS.contains(split)) {
            defect = Optional.of(Defect.reject(ReasonCode.VALUE_UNKNOWN, "split is " + Defect.quote(split)));
        } else if (texts.isEmpty()) {
            defect = Optional.of(Defect.reject(ReasonCode.TEXT_MISSING, "no sentences"));
        } else if (!ids.add(id)) {
            defect = Optional.of(Defect.warn(ReasonCode.ID_DUPLICATE, "ref_id " + id + " occurs before"));
        }
        return new Reference(id, text(fields, "ann_id"), text(fields, "image_id"), split, texts, defect);
    }

    private static String text(Map<?, ?> fields, String key) {
        Object value = fields.get(key);
        return value instanceof String || value instanceof Long ? value.toString() : "";
    }

    /** The references to an object, each handed out once. */
    List<Reference> take(String object) {
        List<Reference> references = byObject.remove(object);
        return references == null ? List.of() : references;
    }

    /** The references that nobody took. */
    List<Reference> takeRest() {
        List<Reference> rest = byObject.values().stream().flatMap(List::stream).toList();
        byObject.clear();
        return rest;
    }

    boolean mentions(String image) {
        return splitsOfImages.containsKey(image);
    }

    /** The splits that references to objects of the image are in. */
    Set<String> splits(String image) {
        return splitsOfImages.getOrDefault(image, Set.of());
    }
}
