package io.palispark.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One safetensors file. Tensors are mapped, not read: their bytes come from the page cache when they are used, and they
 * stay valid after {@link #close()}. A file must not change while its tensors are in use.
 */
public final class SafetensorsFile implements WeightSource, AutoCloseable {

    /** Longest header that the reference reader takes. */
    static final long MAX_HEADER_BYTES = 100_000_000;

    private static final int LENGTH_BYTES = 8;

    private final Path path;
    private final FileChannel channel;
    private final SafetensorsHeader header;
    private final long dataStart;

    private SafetensorsFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        long size = channel.size();
        long headerBytes = headerBytes(size);
        byte[] text = new byte[Math.toIntExact(headerBytes)];
        readFully(ByteBuffer.wrap(text), LENGTH_BYTES);
        this.dataStart = LENGTH_BYTES + headerBytes;
        this.header = SafetensorsHeader.parse(path.toString(), text, size - dataStart);
    }

    /** Opens a file and checks its header; a file that breaks the format is a {@link TensorFileException}. */
    public static SafetensorsFile open(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new SafetensorsFile(path, channel);
        } catch (IOException | RuntimeException refused) {
            channel.close();
            throw refused;
        }
    }

    /** The free text that the writer left, such as {@code format}. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(header.entries().keySet());
    }

    @Override
    public TensorLayout layout(String name) {
        return entry(name).layout();
    }

    @Override
    public Tensor tensor(String name) throws IOException {
        SafetensorsHeader.Entry entry = entry(name);
        return map(entry, 0, entry.layout().extents());
    }

    @Override
    public List<Tensor> rowBlocks(String name, long blockBytes) throws IOException {
        SafetensorsHeader.Entry entry = entry(name);
        TensorLayout layout = entry.layout();
        if (layout.bytes() <= blockBytes) {
            return List.of(tensor(name));
        }
        long[] extents = layout.extents();
        long rowBytes = layout.bytes() / extents[0];
        long rowsPerBlock = Math.min(blockBytes, Integer.MAX_VALUE) / rowBytes;
        if (rowsPerBlock == 0) {
            throw new IllegalArgumentException(
                    "Cannot cut " + name + " " + layout + " into blocks of " + blockBytes + " bytes: a row is larger");
        }
        List<Tensor> blocks = new ArrayList<>();
        for (long row = 0; row < layout.extents()[0]; row += rowsPerBlock) {
            extents[0] = Math.min(rowsPerBlock, layout.extents()[0] - row);
            blocks.add(map(entry, row * rowBytes, extents));
        }
        return blocks;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private long headerBytes(long size) throws IOException {
        if (size < LENGTH_BYTES) {
            throw new TensorFileException(path.toString(), "truncated: " + size + " bytes");
        }
        ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        readFully(length, 0);
        long headerBytes = length.getLong(0);
        if (headerBytes < 0 || headerBytes > MAX_HEADER_BYTES) {
            throw new TensorFileException(
                    path.toString(),
                    "header too large: " + Long.toUnsignedString(headerBytes) + " bytes announced, at most "
                            + MAX_HEADER_BYTES + " are read");
        }
        if (headerBytes > size - LENGTH_BYTES) {
            throw new TensorFileException(
                    path.toString(), "truncated: a header of " + headerBytes + " bytes in a file of " + size);
        }
        return headerBytes;
    }

    private void readFully(ByteBuffer target, long position) throws IOException {
        while (target.hasRemaining()) {
            if (channel.read(target, position + target.position()) < 0) {
                throw new TensorFileException(path.toString(), "truncated while it was read");
            }
        }
    }

    private SafetensorsHeader.Entry entry(String name) {
        SafetensorsHeader.Entry entry = header.entries().get(name);
        if (entry == null) {
            throw new IllegalArgumentException("Cannot find tensor " + name + " in " + path);
        }
        return entry;
    }

    /** Maps a part of a tensor; copied to aligned memory where the file puts it at an odd place. */
    private Tensor map(SafetensorsHeader.Entry entry, long firstByte, long... extents) throws IOException {
        ElementType type = entry.layout().type();
        long bytes = Math.multiplyExact(Tensor.count(extents), type.bytes());
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("Cannot map " + entry.layout() + " of " + path
                    + " as one tensor: more than 2^31-1 bytes, take row blocks");
        }
        long position = dataStart + entry.begin() + firstByte;
        if (position % type.bytes() == 0) {
            return Tensor.over(type, channel.map(MapMode.READ_ONLY, position, bytes), extents);
        }
        Tensor copy = Tensor.allocate(type, extents);
        readFully(copy.buffer(), position);
        return copy;
    }
}
