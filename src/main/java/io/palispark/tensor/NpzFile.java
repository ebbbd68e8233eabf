package io.palispark.tensor;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * A NumPy archive, read whole: what {@code numpy.savez} and {@code savez_compressed} write. Nothing is allocated because
 * a header asks for it; entries that hold no plain numbers are kept by name with the reason, and fail when asked for.
 */
public final class NpzFile {

    /** Files, and the sum of what is unpacked from them, may be this large. */
    public static final long MAXIMUM_BYTES = 256L << 20;

    private static final int MAXIMUM_ENTRIES = 4096;
    private static final String SUFFIX = ".npy";
    private static final int END_OF_DIRECTORY = 22;
    private static final int LONGEST_COMMENT = 65535;

    private final String name;
    private final String sha256;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> unreadable = new LinkedHashMap<>();

    private NpzFile(String name, byte[] file) throws TensorFileException {
        this.name = name;
        this.sha256 = HexFormat.of().formatHex(digest().digest(file));
        requireDirectory(file);
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
            readEntries(zip);
        } catch (TensorFileException refused) {
            throw refused;
        } catch (ZipException | EOFException | IllegalArgumentException damaged) {
            throw new TensorFileException(name, "the archive is damaged: " + damaged.getMessage(), damaged);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Reads a file. Throws {@link TensorFileException} for what is no sound archive of arrays. */
    public static NpzFile read(Path file) throws IOException {
        long length = Files.size(file);
        if (length > MAXIMUM_BYTES) {
            throw new TensorFileException(
                    file.toString(), length + " bytes are more than the limit of " + MAXIMUM_BYTES);
        }
        return new NpzFile(file.toString(), Files.readAllBytes(file));
    }

    /** Reads a file that is already in memory; {@code name} is for messages. */
    public static NpzFile read(String name, byte[] file) throws TensorFileException {
        return new NpzFile(name, file);
    }

    public String name() {
        return name;
    }

    /** Of the file's bytes, lower-case hexadecimal. */
    public String sha256() {
        return sha256;
    }

    /** All arrays of numbers by key, in file order; bfloat16 is what NumPy calls {@code V2}. */
    public Map<String, Tensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    public boolean has(String key) {
        return tensors.containsKey(key);
    }

    /** One array. Throws when the file does not have it or it holds no plain numbers. */
    public Tensor tensor(String key) throws TensorFileException {
        Tensor tensor = tensors.get(key);
        if (tensor == null) {
            throw new TensorFileException(
                    name,
                    unreadable.containsKey(key)
                            ? "array " + key + ": " + unreadable.get(key)
                            : "there is no array " + key + " among its " + tensors.size());
        }
        return tensor;
    }

    private void readEntries(ZipInputStream zip) throws IOException {
        long left = MAXIMUM_BYTES;
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            String key = entry.getName().endsWith(SUFFIX)
                    ? entry.getName().substring(0, entry.getName().length() - SUFFIX.length())
                    : entry.getName();
            if (tensors.containsKey(key) || unreadable.containsKey(key)) {
                throw new TensorFileException(name, "array " + key + " is there twice");
            }
            if (tensors.size() + unreadable.size() == MAXIMUM_ENTRIES) {
                throw new TensorFileException(name, "more than " + MAXIMUM_ENTRIES + " entries");
            }
            left -= entry.getName().endsWith(SUFFIX)
                    ? readArray(key, zip, left)
                    : skip(key, "no .npy entry", zip, left);
        }
    }

    /** Returns how many bytes were unpacked. */
    private long readArray(String key, InputStream in, long limit) throws IOException {
        NpyHeader header = NpyHeader.read(name + "!" + key, in);
        if (header.unreadable().isPresent()) {
            return skip(key, header.unreadable().get(), in, limit);
        }
        long bytes = header.bytes();
        if (bytes > limit) {
            throw new TensorFileException(
                    name, "array " + key + " of " + bytes + " bytes passes the limit of " + MAXIMUM_BYTES + " in all");
        }
        byte[] data = in.readNBytes(Math.toIntExact(bytes));
        if (data.length < bytes || in.read() != -1) {
            throw new TensorFileException(
                    name,
                    "array " + key + " should hold " + bytes + " bytes and holds "
                            + (data.length < bytes ? data.length : "more"));
        }
        tensors.put(key, Tensor.over(header.type(), header.toRowMajor(ByteBuffer.wrap(data)), header.shape()));
        return bytes;
    }

    private long skip(String key, String reason, InputStream in, long limit) throws IOException {
        byte[] block = new byte[1 << 16];
        long skipped = 0;
        for (int read = in.read(block); read != -1; read = in.read(block)) {
            skipped += read;
            if (skipped > limit) {
                throw new TensorFileException(
                        name, "entry " + key + " passes the limit of " + MAXIMUM_BYTES + " in all");
            }
        }
        unreadable.put(key, reason);
        return skipped;
    }

    /** Entries are read in sequence, so a cut archive shows only by the directory that should end it. */
    private void requireDirectory(byte[] file) throws TensorFileException {
        if (file.length < END_OF_DIRECTORY || file[0] != 'P' || file[1] != 'K') {
            throw new TensorFileException(name, "it is no zip archive, as .npz files are");
        }
        int earliest = Math.max(0, file.length - END_OF_DIRECTORY - LONGEST_COMMENT);
        for (int at = file.length - END_OF_DIRECTORY; at >= earliest; at--) {
            if (file[at] == 'P' && file[at + 1] == 'K' && file[at + 2] == 5 && file[at + 3] == 6) {
                return;
            }
        }
        throw new TensorFileException(name, "its end is missing after " + file.length + " bytes");
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
