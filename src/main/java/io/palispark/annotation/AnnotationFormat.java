package io.palispark.annotation;

/** The source formats that readers exist for. */
public enum AnnotationFormat {
    COCO("coco"),
    COCO_CAPTIONS("coco-captions"),
    VQAV2("vqav2");

    private final String label;

    AnnotationFormat(String label) {
        this.label = label;
    }

    /** The name in configurations and on the command line. */
    public String label() {
        return label;
    }

    @Override
    public String toString() {
        return label;
    }
}
