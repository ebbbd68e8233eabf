package io.palispark.token;

import java.io.Serializable;
import java.util.List;

/** Writes objects as one suffix. The same objects and convention give the same text; {@link SuffixParser} reads it back. */
public final class SuffixWriter implements Serializable {

    private static final long serialVersionUID = 1L;

    private final Convention convention;

    public SuffixWriter(Convention convention) {
        this.convention = convention;
    }

    /**
     * The suffix of the objects in the given order; the empty text for none.
     *
     * @throws IllegalArgumentException if a label has a {@link LabelProblem}; ask {@link LabelProblem#of} first
     */
    public String write(List<SuffixObject> objects) {
        StringBuilder text = new StringBuilder(objects.size() * 48);
        for (SuffixObject object : objects) {
            if (!text.isEmpty()) {
                text.append(convention.separator().text());
            }
            append(object, text);
        }
        return text.toString();
    }

    /** The text of one object without separators. */
    public String write(SuffixObject object) {
        return write(List.of(object));
    }

    private void append(SuffixObject object, StringBuilder text) {
        LabelProblem.of(object.label()).ifPresent(problem -> {
            throw new IllegalArgumentException("Cannot write the label \"" + object.label() + "\" into a suffix: "
                    + problem + "; map the class to another name");
        });
        text.append(convention.order().text(object.box()));
        object.codes()
                .ifPresent(
                        codes -> text.append(convention.beforeSegments().text()).append(codes.text()));
        if (!object.label().isEmpty()) {
            text.append(convention.beforeLabel().text()).append(object.label());
        }
    }
}
