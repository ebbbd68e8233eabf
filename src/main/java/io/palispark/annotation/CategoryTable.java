package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The categories of a file by id. Names are stated once a file, so what is wrong with them is too. */
final class CategoryTable {

    private static final Set<String> FREQUENCIES = Set.of("r", "c", "f");

    private final ReadLimits limits;
    private final CocoDialect dialect;
    private final Map<String, String> names = new HashMap<>();
    private final Set<String> contradicted = new HashSet<>();
    private final Map<String, String> frequencies = new HashMap<>();
    private final Map<String, String> idOfName = new HashMap<>();
    private final List<Defect> defects = new ArrayList<>();

    CategoryTable(ReadLimits limits) {
        this(limits, CocoDialect.INSTANCES);
    }

    CategoryTable(ReadLimits limits, CocoDialect dialect) {
        this.limits = limits;
        this.dialect = dialect;
    }

    void read(JsonParser parser, long sequence) throws IOException, DocumentException {
        if (sequence >= limits.rows()) {
            throw new DocumentException(ReasonCode.ROW_COUNT_EXCEEDED, "more than " + limits.rows() + " categories");
        }
        String place = "categories[" + sequence + "]";
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            defects.add(Defect.warn(ReasonCode.VALUE_UNKNOWN, place + " is " + JsonNumber.describe(parser)));
            return;
        }
        RowId id = RowId.NONE;
        String name = "";
        String frequency = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("id")) {
                id = RowId.read(parser);
            } else if (field.equals("name") && value == JsonToken.VALUE_STRING) {
                name = TextLine.trim(parser.getText());
            } else if (field.equals("frequency") && value == JsonToken.VALUE_STRING) {
                frequency = parser.getText();
            } else {
                parser.skipChildren();
            }
        }
        switch (dialect) {
            case INSTANCES -> add(id, name, place);
            case FEDERATED -> {
                add(id, name.replace('_', ' '), place);
                checkFrequency(frequency, place);
                frequencies.putIfAbsent(name.replace('_', ' '), frequency);
            }
        }
    }

    private void checkFrequency(String frequency, String place) {
        if (frequency.isEmpty()) {
            defects.add(Defect.warn(ReasonCode.KEY_MISSING, place + " has no frequency"));
        } else if (!FREQUENCIES.contains(frequency)) {
            String detail = place + ": frequency is " + Defect.quote(frequency) + ", not r, c or f";
            defects.add(Defect.warn(ReasonCode.VALUE_UNKNOWN, detail));
        }
    }

    private void add(RowId id, String name, String place) {
        if (id.isMissing()) {
            defects.add(Defect.warn(ReasonCode.ID_MISSING, place + " " + Defect.quote(name)));
            return;
        }
        String earlier = names.putIfAbsent(id.text(), name);
        if (earlier != null) {
            addRepeat(id, earlier, name, place);
            return;
        }
        String otherId = name.isEmpty() ? null : idOfName.putIfAbsent(name, id.text());
        if (otherId != null) {
            defects.add(Defect.warn(
                    ReasonCode.CATEGORY_NAME_DUPLICATE,
                    place + ": ids " + otherId + " and " + id.text() + " are both named " + Defect.quote(name)));
        }
        boolean oneLine = name.codePoints().allMatch(TextLine::isPrintable);
        if (name.indexOf(';') >= 0 || !oneLine || TextLine.holdsToken(name)) {
            defects.add(Defect.warn(
                    ReasonCode.CATEGORY_NAME_SEPARATOR,
                    place + ": the name holds a separator, a token or a control character: " + Defect.quote(name)));
        }
    }

    private void addRepeat(RowId id, String earlier, String name, String place) {
        String detail = place + ": id " + id.text() + " is named " + Defect.quote(earlier);
        if (earlier.equals(name)) {
            defects.add(Defect.warn(ReasonCode.ID_DUPLICATE, detail + " twice"));
        } else {
            contradicted.add(id.text());
            defects.add(Defect.warn(ReasonCode.RECORD_CONTRADICTION, detail + " and " + Defect.quote(name)));
        }
    }

    /** What is wrong with the categories themselves; all are warnings. */
    List<Defect> defects() {
        return defects;
    }

    /** The name of an id, empty when the category has none, null when there is no such category. */
    String name(RowId id) {
        return names.get(id.text());
    }

    /** All names by id, as first stated. */
    Map<String, String> names() {
        return Map.copyOf(names);
    }

    /** How common each class is, by its name, as a federated file states it: r, c or f. */
    Map<String, String> frequencies() {
        return Map.copyOf(frequencies);
    }

    /** True for an id that the file gives several names. */
    boolean isContradicted(RowId id) {
        return contradicted.contains(id.text());
    }
}
