package io.palispark.annotation;

import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Class names of a YOLO dataset by class number, which may have gaps. Of {@code data.yaml} only {@code names} and
 * {@code nc} are looked at, as events: nothing is built, so tags and aliases have no power and are refused, and
 * {@code no} or {@code on} stay the texts they are.
 */
record YoloNames(Map<Integer, String> names) {

    private static final int MOST_NAMES = 100_000;

    static YoloNames read(AnnotationSource source, ReadLimits limits) throws IOException, DocumentException {
        String text = SmallDocument.text(source, limits);
        boolean yaml = source.name().endsWith(".yaml") || source.name().endsWith(".yml");
        Map<Integer, String> names = yaml ? new Yaml().read(text) : ofLines(text);
        if (names.isEmpty()) {
            throw new DocumentException(ReasonCode.KEY_MISSING, source.name() + " has no class names");
        }
        return new YoloNames(names);
    }

    private static Map<Integer, String> ofLines(String text) throws DocumentException {
        Map<Integer, String> names = new HashMap<>();
        List<String> lines = text.stripTrailing().lines().toList();
        for (String line : lines) {
            put(names, names.size(), line.strip());
        }
        return names;
    }

    private static void put(Map<Integer, String> names, int number, String name) throws DocumentException {
        if (names.size() >= MOST_NAMES) {
            throw new DocumentException(ReasonCode.ROW_COUNT_EXCEEDED, "more than " + MOST_NAMES + " names");
        }
        if (names.put(number, name) != null) {
            throw new DocumentException(ReasonCode.KEY_DUPLICATE, "class " + number + " is named twice");
        }
    }

    /** The part of YAML that {@code data.yaml} needs. */
    private static final class Yaml {

        private final Map<Integer, String> names = new HashMap<>();
        private Iterator<Event> events;
        private int declared = -1;

        Map<Integer, String> read(String text) throws DocumentException {
            try {
                events = new Parse(LoadSettings.builder().setLabel("data.yaml").build())
                        .parseString(text)
                        .iterator();
                next();
                next();
                if (!(next() instanceof MappingStartEvent)) {
                    throw new DocumentException(ReasonCode.DOCUMENT_KIND_UNEXPECTED, "data.yaml is no mapping");
                }
                for (Event key = next(); !(key instanceof MappingEndEvent); key = next()) {
                    readValue(key instanceof ScalarEvent scalar ? scalar.getValue() : "", next());
                }
                while (events.hasNext()) {
                    next();
                }
            } catch (YamlEngineException invalid) {
                String message = invalid.getMessage().lines().findFirst().orElse("");
                throw new DocumentException(ReasonCode.SYNTAX_INVALID, "data.yaml: " + message);
            }
            if (declared >= 0 && !names.isEmpty() && declared != names.size()) {
                String detail = "data.yaml: nc is " + declared + " and " + names.size() + " names follow";
                throw new DocumentException(ReasonCode.CATEGORY_COUNT_MISMATCH, detail);
            }
            return names;
        }

        /** The next event; whatever asks for more than plain values is refused. */
        private Event next() throws DocumentException {
            if (!events.hasNext()) {
                throw new DocumentException(ReasonCode.SYNTAX_INVALID, "data.yaml ends too early");
            }
            Event event = events.next();
            boolean tagged = (event instanceof ScalarEvent scalar
                            && scalar.getTag().isPresent())
                    || (event instanceof MappingStartEvent map && map.getTag().isPresent())
                    || (event instanceof SequenceStartEvent list
                            && list.getTag().isPresent());
            boolean alias = event.getEventId() == Event.ID.Alias
                    || (event instanceof NodeEvent node && node.getAnchor().isPresent());
            if (tagged || alias) {
                throw new DocumentException(
                        ReasonCode.SYNTAX_INVALID, "data.yaml holds a tag, an anchor or an alias, which is not read");
            }
            return event;
        }

        private void readValue(String key, Event value) throws DocumentException {
            if (key.equals("names") && value instanceof SequenceStartEvent) {
                for (Event name = next(); !(name instanceof SequenceEndEvent); name = next()) {
                    put(names, names.size(), text(name));
                }
            } else if (key.equals("names") && value instanceof MappingStartEvent) {
                for (Event number = next(); !(number instanceof MappingEndEvent); number = next()) {
                    put(names, number(text(number)), text(next()));
                }
            } else if (key.equals("nc") && value instanceof ScalarEvent) {
                declared = number(text(value));
            } else {
                skip(value);
            }
        }

        private static String text(Event event) throws DocumentException {
            if (event instanceof ScalarEvent scalar) {
                return TextLine.trim(scalar.getValue());
            }
            throw new DocumentException(ReasonCode.SYNTAX_INVALID, "data.yaml: a class name is no plain text");
        }

        private static int number(String text) throws DocumentException {
            StatedNumber number = StatedNumber.of(text);
            if (!number.isValid() || number.value() != (int) number.value() || number.value() < 0) {
                throw new DocumentException(
                        ReasonCode.NUMBER_INVALID, "data.yaml: " + number.stated() + " is no class number");
            }
            return (int) number.value();
        }

        private void skip(Event value) throws DocumentException {
            int depth = isStart(value) ? 1 : 0;
            while (depth > 0) {
                Event event = next();
                boolean end = event instanceof MappingEndEvent || event instanceof SequenceEndEvent;
                depth += isStart(event) ? 1 : end ? -1 : 0;
            }
        }

        private static boolean isStart(Event event) {
            return event instanceof MappingStartEvent || event instanceof SequenceStartEvent;
        }
    }
}
