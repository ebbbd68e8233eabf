package io.palispark.job;

import io.palispark.annotation.CheckedObject;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.RunLengthMask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What rows are made of: a picture or a block of one.
 *
 * @param block in the pixels of the picture
 * @param contents what rows may say about it
 * @param objects in the block's own pixels, in source order
 * @param uncertain classes that may be there beside the objects: refused ones, and those of which too little is visible
 */
record PictureView(PixelBox block, Contents contents, List<CheckedObject> objects, Set<String> uncertain) {

    /** What a view is asked about. */
    enum Contents {
        /** Objects, captions and questions: the only view of a picture. */
        EVERYTHING,
        /** A tile: captions and questions are about the whole picture. */
        OBJECTS,
        /** The whole of a picture whose objects are on its tiles. */
        TEXTS
    }

    ImageSize size() {
        return new ImageSize(block.height(), block.width());
    }

    boolean isWhole(ImageSize picture) {
        return block.equals(whole(picture));
    }

    /** The view of a whole picture. */
    static PictureView whole(AdmittedPicture picture, Contents contents, Set<String> refused) {
        List<CheckedObject> objects = contents == Contents.TEXTS ? List.of() : picture.objects();
        return new PictureView(whole(picture.size()), contents, objects, refused);
    }

    private static PixelBox whole(ImageSize size) {
        return new PixelBox(0, 0, size.height(), size.width());
    }

    /**
     * The view of a tile.
     *
     * @param leastVisible share of an object's mask, or of its box where there is none, from which it belongs to the tile
     */
    static PictureView tile(AdmittedPicture picture, PixelBox block, double leastVisible, Set<String> refused) {
        List<CheckedObject> objects = new ArrayList<>();
        Set<String> uncertain = new TreeSet<>(refused);
        for (CheckedObject object : picture.objects()) {
            Optional<CheckedObject> seen = cut(object, block);
            if (seen.isPresent() && share(object, seen.get()) >= leastVisible) {
                objects.add(seen.get());
            } else if (seen.isPresent()) {
                uncertain.add(object.source().label());
            }
        }
        return new PictureView(block, Contents.OBJECTS, objects, uncertain);
    }

    private static double share(CheckedObject object, CheckedObject seen) {
        return object.mask().isPresent()
                ? (double) seen.mask().orElseThrow().area()
                        / object.mask().get().area()
                : seen.box().area() / object.box().area();
    }

    /** The part of an object that a block shows, in the block's pixels; empty when it shows nothing. */
    private static Optional<CheckedObject> cut(CheckedObject object, PixelBox block) {
        ImageSize size = new ImageSize(block.height(), block.width());
        Box box = object.box();
        Box own = new Box(box.x() - block.left(), box.y() - block.top(), box.width(), box.height()).clippedTo(size);
        if (own.isEmpty()) {
            return Optional.empty();
        }
        if (object.mask().isEmpty()) {
            return Optional.of(new CheckedObject(object.source(), own, Optional.empty(), object.findings()));
        }
        RunLengthMask mask = RunLengthMask.ofBitmap(size, object.mask().get().bitmap(block));
        if (mask.isEmpty()) {
            return Optional.empty();
        }
        boolean isCut = mask.area() < object.mask().get().area();
        Box visible = isCut ? within(mask.bounds(), own) : own;
        return visible.isEmpty()
                ? Optional.empty()
                : Optional.of(new CheckedObject(object.source(), visible, Optional.of(mask), object.findings()));
    }

    /** Of a cut object the box ends where its mask ends, and never beyond the box that was stated. */
    private static Box within(Box mask, Box stated) {
        return Box.between(
                Math.max(mask.x(), stated.x()),
                Math.max(mask.y(), stated.y()),
                Math.min(mask.right(), stated.right()),
                Math.min(mask.bottom(), stated.bottom()));
    }
}
