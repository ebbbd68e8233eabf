package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.palispark.annotation.AnnotationRecord.RowKind;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which classes of an LVIS image are verified as absent, and which are not annotated to the last object. */
final class FederatedClasses {

    static final String NEGATIVE = "neg_category_ids";
    static final String NOT_EXHAUSTIVE = "not_exhaustive_category_ids";

    private static final int MOST_CLASSES = 10_000;

    private final Map<String, Set<String>> absent = new HashMap<>();

    /** The ids of a list at the parser's token, which is left at its end; null when there is no list. */
    static Set<String> readIds(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return null;
        }
        Set<String> ids = new LinkedHashSet<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            RowId id = RowId.read(parser);
            if (!id.isMissing() && ids.size() < MOST_CLASSES) {
                ids.add(id.text());
            }
        }
        return ids;
    }

    /** First pass. */
    void note(String image, Set<String> negative) {
        if (negative != null && !negative.isEmpty()) {
            absent.put(image, Set.copyOf(negative));
        }
    }

    boolean isAbsent(RowId image, RowId category) {
        return absent.getOrDefault(image.text(), Set.of()).contains(category.text());
    }

    /** Names of the classes that the image is known not to show. */
    List<String> absentNames(String image, CategoryTable categories) {
        return names(absent.getOrDefault(image, Set.of()), categories);
    }

    /** Names of the ids that are classes; null gives none. */
    static List<String> names(Set<String> ids, CategoryTable categories) {
        return (ids == null ? Set.<String>of() : ids)
                .stream()
                        .map(id -> categories.name(new RowId(id, false)))
                        .filter(name -> name != null && !name.isEmpty())
                        .sorted()
                        .toList();
    }

    /** Second pass: what is wrong with the lists of one image. */
    static void check(
            String image, String key, Set<String> ids, CategoryTable categories, String place, RecordQueue out) {
        if (ids == null) {
            Defect missing = Defect.warn(ReasonCode.KEY_MISSING, place + " has no list " + key + ": taken as empty");
            out.finding(image, RowKind.IMAGE, "", missing);
            return;
        }
        for (String id : ids) {
            if (categories.name(new RowId(id, false)) == null) {
                String detail = place + ": " + key + " names class " + Defect.quote(id) + ", which is none";
                out.finding(image, RowKind.IMAGE, "", Defect.warn(ReasonCode.CATEGORY_UNKNOWN, detail));
            }
        }
    }
}
