package io.palispark.image;

import java.nio.ByteOrder;
import java.util.OptionalLong;

/**
 * The first image file directory of a TIFF structure: a TIFF file, or an Exif block (TIFF 6.0, section 2).
 *
 * @param view the structure; offsets in it count from its start
 * @param at offset of the first 12-byte entry
 * @param entries number of entries, all inside the view
 */
record TiffDirectory(ByteView view, long at, int entries) {

    static final int WIDTH = 256;
    static final int HEIGHT = 257;
    static final int STRIP_OFFSETS = 273;
    static final int ORIENTATION = 274;
    static final int STRIP_BYTES = 279;
    static final int TILE_OFFSETS = 324;
    static final int TILE_BYTES = 325;

    private static final int ENTRY_BYTES = 12;

    static TiffDirectory first(ByteView bytes) throws BrokenImage {
        ByteView view;
        if (bytes.startsWith(0, "II*\0")) {
            view = bytes.order(ByteOrder.LITTLE_ENDIAN);
        } else if (bytes.startsWith(0, "MM\0*")) {
            view = bytes.order(ByteOrder.BIG_ENDIAN);
        } else {
            throw BrokenImage.damaged("no TIFF header");
        }
        long directory = view.u32(4);
        int entries = view.u16(directory);
        view.require(directory + 2, (long) entries * ENTRY_BYTES);
        return new TiffDirectory(view, directory + 2, entries);
    }

    /** The first value of a tag of type BYTE, SHORT or LONG; empty where the directory has none. */
    OptionalLong number(int tag) throws BrokenImage {
        long[] values = numbers(tag, 1);
        return values.length == 0 ? OptionalLong.empty() : OptionalLong.of(values[0]);
    }

    /** All values of a tag of type BYTE, SHORT or LONG. */
    long[] numbers(int tag) throws BrokenImage {
        return numbers(tag, Long.MAX_VALUE);
    }

    /** Checks that the values of every entry lie inside the view, whatever their type. */
    void requireValues() throws BrokenImage {
        for (int i = 0; i < entries; i++) {
            long entry = at + (long) i * ENTRY_BYTES;
            valuesAt(entry, valueBytes(view.u16(entry + 2)), view.u32(entry + 4));
        }
    }

    /** The offset of the next directory, 0 for none; 0 too where the file ends before it. */
    long next() throws BrokenImage {
        long link = at + (long) entries * ENTRY_BYTES;
        return link + 4 <= view.length() ? view.u32(link) : 0;
    }

    private long[] numbers(int tag, long most) throws BrokenImage {
        for (int i = 0; i < entries; i++) {
            long entry = at + (long) i * ENTRY_BYTES;
            int type = view.u16(entry + 2);
            if (view.u16(entry) == tag && (type == 1 || type == 3 || type == 4)) {
                int size = valueBytes(type);
                long from = valuesAt(entry, size, view.u32(entry + 4));
                long[] values = new long[(int) Math.min(most, view.u32(entry + 4))];
                for (int k = 0; k < values.length; k++) {
                    long offset = from + (long) k * size;
                    values[k] = size == 1 ? view.u8(offset) : size == 2 ? view.u16(offset) : view.u32(offset);
                }
                return values;
            }
        }
        return new long[0];
    }

    private long valuesAt(long entry, int size, long count) throws BrokenImage {
        long from = count * size <= 4 ? entry + 8 : view.u32(entry + 8);
        view.require(from, count * size);
        return from;
    }

    private static int valueBytes(int type) {
        return switch (type) {
            case 3, 8 -> 2;
            case 4, 9, 11, 13 -> 4;
            case 5, 10, 12 -> 8;
            default -> 1;
        };
    }
}
