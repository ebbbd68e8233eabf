package io.palispark.image;

/** How the parsers of this package leave a hopeless file; {@link ImageProbe} turns it into a value. */
final class BrokenImage extends Exception {

    private static final long serialVersionUID = 1;

    private final ImageFault.Kind kind;

    BrokenImage(ImageFault.Kind kind, String detail) {
        super(detail, null, false, false);
        this.kind = kind;
    }

    static BrokenImage truncated(String detail) {
        return new BrokenImage(ImageFault.Kind.TRUNCATED, detail);
    }

    static BrokenImage damaged(String detail) {
        return new BrokenImage(ImageFault.Kind.DAMAGED, detail);
    }

    static BrokenImage unsupported(String detail) {
        return new BrokenImage(ImageFault.Kind.UNSUPPORTED_FORMAT, detail);
    }

    ImageFault fault() {
        return new ImageFault(kind, getMessage());
    }
}
