package io.palispark.geometry;

import java.util.Arrays;

/**
 * How a stored picture must be turned to stand upright: the values of the EXIF orientation tag. Each is an optional
 * transpose (x and y change places), then an optional mirror left-right, then an optional mirror top-bottom. Boxes and
 * polygons are moved in the continuous frame, where a mirrored x is {@code width - x}.
 */
public enum Orientation {
    /** Stored as it is to be seen. */
    UPRIGHT(1, false, false, false),
    /** To be mirrored left-right. */
    MIRRORED_LEFT_RIGHT(2, false, true, false),
    /** To be rotated by 180 degrees. */
    ROTATED_180(3, false, true, true),
    /** To be mirrored top-bottom. */
    MIRRORED_TOP_BOTTOM(4, false, false, true),
    /** To be mirrored at the main diagonal. */
    TRANSPOSED(5, true, false, false),
    /** To be rotated by 90 degrees clockwise. */
    ROTATED_90_CLOCKWISE(6, true, true, false),
    /** To be mirrored at the other diagonal. */
    TRANSVERSED(7, true, true, true),
    /** To be rotated by 90 degrees counter-clockwise. */
    ROTATED_90_COUNTER_CLOCKWISE(8, true, false, true);

    private final int exifValue;
    private final boolean transposes;
    private final boolean mirrorsLeftRight;
    private final boolean mirrorsTopBottom;

    Orientation(int exifValue, boolean transposes, boolean mirrorsLeftRight, boolean mirrorsTopBottom) {
        this.exifValue = exifValue;
        this.transposes = transposes;
        this.mirrorsLeftRight = mirrorsLeftRight;
        this.mirrorsTopBottom = mirrorsTopBottom;
    }

    /** The orientation of a tag's value; values outside 1..8 mean upright. */
    public static Orientation ofExif(int value) {
        return Arrays.stream(values())
                .filter(orientation -> orientation.exifValue == value)
                .findFirst()
                .orElse(UPRIGHT);
    }

    public int exifValue() {
        return exifValue;
    }

    /** True where height and width change places. */
    public boolean swapsSides() {
        return transposes;
    }

    /** The orientation that undoes this one: applied to upright geometry, with the upright size, it gives stored. */
    public Orientation inverse() {
        return switch (this) {
            case ROTATED_90_CLOCKWISE -> ROTATED_90_COUNTER_CLOCKWISE;
            case ROTATED_90_COUNTER_CLOCKWISE -> ROTATED_90_CLOCKWISE;
            case UPRIGHT, MIRRORED_LEFT_RIGHT, ROTATED_180, MIRRORED_TOP_BOTTOM, TRANSPOSED, TRANSVERSED -> this;
        };
    }

    /** The size of the upright picture. */
    public ImageSize apply(ImageSize stored) {
        return transposes ? stored.transposed() : stored;
    }

    /** The box on the upright picture; width and height keep their bits. */
    public Box apply(Box box, ImageSize stored) {
        Box turned = transposes ? new Box(box.y(), box.x(), box.height(), box.width()) : box;
        ImageSize upright = apply(stored);
        return new Box(
                mirrorsLeftRight ? upright.width() - turned.right() : turned.x(),
                mirrorsTopBottom ? upright.height() - turned.bottom() : turned.y(),
                turned.width(),
                turned.height());
    }

    /** The block of pixels on the upright picture. */
    public PixelBox apply(PixelBox box, ImageSize stored) {
        PixelBox turned = transposes ? new PixelBox(box.left(), box.top(), box.right(), box.bottom()) : box;
        ImageSize upright = apply(stored);
        return new PixelBox(
                mirrorsTopBottom ? upright.height() - turned.bottom() : turned.top(),
                mirrorsLeftRight ? upright.width() - turned.right() : turned.left(),
                mirrorsTopBottom ? upright.height() - turned.top() : turned.bottom(),
                mirrorsLeftRight ? upright.width() - turned.left() : turned.right());
    }

    /** The ring on the upright picture, its vertices in the same order. */
    public Polygon apply(Polygon polygon, ImageSize stored) {
        ImageSize upright = apply(stored);
        double[] vertices = polygon.vertices();
        double[] turned = new double[vertices.length];
        for (int i = 0; i < vertices.length; i += 2) {
            double x = vertices[transposes ? i + 1 : i];
            double y = vertices[transposes ? i : i + 1];
            turned[i] = mirrorsLeftRight ? upright.width() - x : x;
            turned[i + 1] = mirrorsTopBottom ? upright.height() - y : y;
        }
        return new Polygon(turned);
    }

    /** The mask on the upright picture. */
    public RunLengthMask apply(RunLengthMask mask) {
        RunLengthMask turned = transposes ? MaskSymmetry.transposed(mask) : mask;
        turned = mirrorsLeftRight ? MaskSymmetry.halfTurn(turned) : turned;
        return mirrorsLeftRight != mirrorsTopBottom ? MaskSymmetry.mirroredTopBottom(turned) : turned;
    }

    /**
     * The region on the upright picture.
     *
     * @param stored size of the stored picture, which a mask must have
     */
    public Region apply(Region region, ImageSize stored) {
        if (region instanceof PolygonRegion polygons) {
            return new PolygonRegion(polygons.parts().stream()
                    .map(polygon -> apply(polygon, stored))
                    .toList());
        }
        RunLengthMask mask = (RunLengthMask) region;
        if (!mask.size().equals(stored)) {
            throw new IllegalArgumentException(
                    "Cannot turn a " + mask.size() + " mask with a " + stored + " picture: the sizes must be equal");
        }
        return apply(mask);
    }
}
