package io.palispark.dataset;

import java.util.Set;

/** What a training row asks for. */
public enum Task {
    /** Boxes and labels. */
    DETECT(Material.OBJECT_LIST, Set.of("language"), Set.of("classes")),
    /** Boxes, masks and labels. */
    SEGMENT(Material.OBJECT_LIST, Set.of("language"), Set.of("classes")),
    /** A sentence about the picture. */
    CAPTION(Material.CAPTIONS, Set.of("language"), Set.of()),
    /** The answer to a question. */
    VQA(Material.QUESTIONS, Set.of("language", "choices"), Set.of("question")),
    /** A question with this answer. */
    QUESTION(Material.QUESTIONS, Set.of("language"), Set.of("answer")),
    /** The words on the picture: the labels of its objects in raster order. */
    OCR(Material.OBJECT_TEXT, Set.of("language"), Set.of()),
    /** The label of what stands in a box; a row for each object. */
    REGION(Material.OBJECT_TEXT, Set.of("language"), Set.of("box")),
    /** How many objects of a class there are; a row for each class. */
    COUNT(Material.OBJECT_TEXT, Set.of("language"), Set.of("class")),
    /** Whether there is an object of a class; a row for each class. */
    PRESENCE(Material.OBJECT_TEXT, Set.of("language"), Set.of("class")),
    /** The classes of the picture. */
    LISTING(Material.OBJECT_TEXT, Set.of("language"), Set.of());

    private final Material material;
    private final Set<String> optional;
    private final Set<String> needed;

    Task(Material material, Set<String> optional, Set<String> needed) {
        this.material = material;
        this.optional = optional;
        this.needed = needed;
    }

    /** What rows of a task are made of, and what their suffix is. */
    public enum Material {
        /** Objects, written as tokens. */
        OBJECT_LIST,
        /** Objects, put into words. */
        OBJECT_TEXT,
        CAPTIONS,
        QUESTIONS
    }

    public Material material() {
        return material;
    }

    /** True when the suffix is a list of objects. */
    public boolean listsObjects() {
        return material == Material.OBJECT_LIST;
    }

    /** Places that a prompt of the task may leave open. */
    Set<String> places() {
        return java.util.stream.Stream.concat(optional.stream(), needed.stream())
                .collect(java.util.stream.Collectors.toUnmodifiableSet());
    }

    /** Places that a prompt of one's own must leave open. */
    Set<String> neededPlaces() {
        return needed;
    }
}
