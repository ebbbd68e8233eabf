package io.palispark.annotation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An element of a small XML document, or of a piece of a large one. */
final class XmlElement {

    private final String name;
    private final Map<String, String> attributes = new HashMap<>();
    private final List<XmlElement> children = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    XmlElement(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Null when there is none. */
    String attribute(String key) {
        return attributes.get(key);
    }

    void attribute(String key, String value) {
        attributes.put(key, value);
    }

    List<XmlElement> children() {
        return children;
    }

    List<XmlElement> children(String wanted) {
        return children.stream().filter(child -> child.name.equals(wanted)).toList();
    }

    Optional<XmlElement> child(String wanted) {
        return children.stream().filter(child -> child.name.equals(wanted)).findFirst();
    }

    /** Text of the first direct child of this name, null when there is none. */
    String childText(String wanted) {
        return child(wanted).map(XmlElement::text).orElse(null);
    }

    String text() {
        return text.toString().strip();
    }

    StringBuilder appendable() {
        return text;
    }
}
