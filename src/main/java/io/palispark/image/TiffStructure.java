package io.palispark.image;

import io.palispark.geometry.ImageSize;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Set;

/** The first directory of a TIFF file, with every strip or tile it names. */
final class TiffStructure {

    private TiffStructure() {}

    static ImageFacts walk(byte[] bytes, ImageLimits limits) throws BrokenImage {
        ByteView view = ByteView.of(bytes, ByteOrder.BIG_ENDIAN);
        TiffDirectory directory = TiffDirectory.first(view);
        ImageSize size = limits.accept(
                directory.number(TiffDirectory.WIDTH).orElse(0),
                directory.number(TiffDirectory.HEIGHT).orElse(0));
        directory.requireValues();
        long[] strips = directory.numbers(TiffDirectory.STRIP_OFFSETS);
        boolean striped = strips.length > 0;
        long[] offsets = striped ? strips : directory.numbers(TiffDirectory.TILE_OFFSETS);
        long[] lengths = directory.numbers(striped ? TiffDirectory.STRIP_BYTES : TiffDirectory.TILE_BYTES);
        if (offsets.length == 0 || lengths.length != 0 && lengths.length != offsets.length) {
            throw BrokenImage.damaged(offsets.length + " strips or tiles with " + lengths.length + " lengths");
        }
        for (int i = 0; i < offsets.length; i++) {
            view.require(offsets[i], lengths.length == 0 ? 1 : lengths[i]);
        }
        Set<ImageWarning> warnings = EnumSet.noneOf(ImageWarning.class);
        if (directory.next() != 0) {
            warnings.add(ImageWarning.SEVERAL_FRAMES);
        }
        OrientationTag orientation = new OrientationTag();
        orientation.readExif(view);
        return new ImageFacts(ImageFormat.TIFF, size, orientation.resolve(warnings), warnings);
    }
}
