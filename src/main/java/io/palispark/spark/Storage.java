package io.palispark.spark;

import io.palispark.dataset.StableHash;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Files of any Hadoop file system, with the cluster's credentials, on the driver and in tasks. */
public final class Storage implements Serializable {

    /** What the names of Roboflow's annotation files start with. */
    private static final String EXPORT = "_annotations.";

    private static final long serialVersionUID = 1L;

    private final SerializableConfiguration configuration;

    private Storage(SerializableConfiguration configuration) {
        this.configuration = configuration;
    }

    public static Storage of(SparkSession session) {
        return new Storage(new SerializableConfiguration(session.sparkContext().hadoopConfiguration()));
    }

    /** Files as Hadoop's own configuration on the class path reaches them, without a Spark session. */
    public static Storage withoutSession() {
        return new Storage(new SerializableConfiguration(new Configuration()));
    }

    /**
     * A file as listed.
     *
     * @param path full path with scheme
     * @param bytes length
     * @param modified milliseconds since 1970
     */
    public record Listed(String path, long bytes, long modified) implements Serializable {}

    public InputStream open(String path) throws IOException {
        return fileSystem(path).open(new Path(path));
    }

    /** The file from an offset on. */
    InputStream open(String path, long at) throws IOException {
        FSDataInputStream stream = fileSystem(path).open(new Path(path));
        try {
            stream.seek(at);
            return stream;
        } catch (IOException unreachable) {
            stream.close();
            throw unreachable;
        }
    }

    public Optional<Listed> find(String path) throws IOException {
        try {
            FileStatus status = fileSystem(path).getFileStatus(new Path(path));
            return status.isFile() ? Optional.of(listed(status)) : Optional.empty();
        } catch (FileNotFoundException absent) {
            return Optional.empty();
        }
    }

    /**
     * The file itself, or all files below the folder, sorted by path; hidden names ({@code .} and {@code _}) are left out,
     * but for those that Roboflow gives its annotation files.
     */
    public List<Listed> list(String path) throws IOException {
        List<Listed> files = new ArrayList<>();
        visit(path, files::add);
        return sorted(files);
    }

    /** Goes through what {@link #list} lists in no order, holding one file. */
    void visit(String path, Consumer<Listed> visitor) throws IOException {
        Path root = new Path(qualified(path));
        visitAll(path, file -> {
            if (!isHidden(new Path(file.path()), root)) {
                visitor.accept(file);
            }
        });
    }

    /** The file itself, or all files below the folder with those of hidden names, sorted by path. */
    public List<Listed> listAll(String path) throws IOException {
        List<Listed> files = new ArrayList<>();
        visitAll(path, files::add);
        return sorted(files);
    }

    private void visitAll(String path, Consumer<Listed> visitor) throws IOException {
        FileSystem fileSystem = fileSystem(path);
        Path root = fileSystem.makeQualified(new Path(path));
        if (fileSystem instanceof RawLocalFileSystem local) {
            visitLocal(local, root, visitor);
            return;
        }
        RemoteIterator<LocatedFileStatus> found = fileSystem.listFiles(root, true);
        while (found.hasNext()) {
            visitor.accept(listed(found.next()));
        }
    }

    /** Hadoop's own walk asks for the permissions of every file, for which it starts a process of 4 ms on a local disk. */
    private static void visitLocal(RawLocalFileSystem local, Path root, Consumer<Listed> visitor) throws IOException {
        Deque<Path> folders = new ArrayDeque<>(List.of(root));
        while (!folders.isEmpty()) {
            for (FileStatus entry : local.listStatus(folders.pop())) {
                if (entry.isDirectory()) {
                    folders.push(entry.getPath());
                } else {
                    visitor.accept(listed(entry));
                }
            }
        }
    }

    private static List<Listed> sorted(List<Listed> files) {
        files.sort(Comparator.comparing(Listed::path));
        return files;
    }

    /** Lower-case hexadecimal SHA-256 of a file's bytes. */
    public String sha256(String path) throws IOException {
        MessageDigest digest = StableHash.sha256();
        try (DigestInputStream stream = new DigestInputStream(open(path), digest)) {
            stream.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    public byte[] read(String path) throws IOException {
        try (InputStream stream = open(path)) {
            return stream.readAllBytes();
        }
    }

    /** Part of a file, from an offset on. */
    public byte[] read(String path, long at, int count) throws IOException {
        byte[] bytes = new byte[count];
        try (FSDataInputStream stream = fileSystem(path).open(new Path(path))) {
            stream.readFully(at, bytes);
        }
        return bytes;
    }

    /** The path as {@link #list} spells it, with scheme. */
    public String qualified(String path) throws IOException {
        return fileSystem(path).makeQualified(new Path(path)).toString();
    }

    Configuration configuration() {
        return configuration.value();
    }

    /** Writes a file so that it is there whole or not at all; an existing one is replaced in one step. */
    public void write(String path, byte[] bytes) throws OutputException {
        write(path, stream -> stream.write(bytes));
    }

    /** Writes a file where none is; false where one is. Of several processes that try it at once one succeeds. */
    public boolean create(String path, byte[] bytes) throws OutputException {
        Path target = new Path(path);
        try {
            FileSystem fileSystem = fileSystem(path);
            if (fileSystem instanceof RawLocalFileSystem local) {
                // Hadoop looks first and creates then, on a local disk
                makeFolder(local, target.getParent());
                Files.write(local.pathToFile(target).toPath(), bytes, StandardOpenOption.CREATE_NEW);
            } else {
                try (FSDataOutputStream stream = fileSystem.create(target, false)) {
                    stream.write(bytes);
                }
            }
            return true;
        } catch (java.nio.file.FileAlreadyExistsException | FileAlreadyExistsException there) {
            return false;
        } catch (IOException unwritable) {
            throw OutputException.notWritten(path, unwritable);
        }
    }

    /** Writes the content of files one after the other, as {@link #write} does. */
    public void concatenate(List<String> sources, String path) throws OutputException {
        write(path, stream -> {
            for (String source : sources) {
                try (InputStream content = open(source)) {
                    content.transferTo(stream);
                }
            }
        });
    }

    /** What is written to a file, piece by piece. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream stream) throws IOException;
    }

    /** Writes a file of any size, as {@link #write(String, byte[])} does. */
    public void write(String path, Content content) throws OutputException {
        try {
            writeWhole(path, content);
        } catch (IOException unwritable) {
            throw OutputException.notWritten(path, unwritable);
        }
    }

    private void writeWhole(String path, Content content) throws IOException {
        Path target = new Path(path);
        Path unfinished = new Path(target.getParent(), "." + target.getName() + "." + UUID.randomUUID() + ".tmp");
        FileSystem fileSystem = fileSystem(path);
        try {
            try (OutputStream stream = newFile(fileSystem, unfinished)) {
                content.writeTo(stream);
            }
            replace(unfinished, target);
        } finally {
            fileSystem.delete(unfinished, false);
        }
    }

    /** On a local disk with the permissions that the user's mask gives: Hadoop would give those of a mask of its own. */
    private static OutputStream newFile(FileSystem fileSystem, Path path) throws IOException {
        if (fileSystem instanceof RawLocalFileSystem local) {
            makeFolder(local, path.getParent());
            return new BufferedOutputStream(
                    Files.newOutputStream(local.pathToFile(path).toPath()));
        }
        return fileSystem.create(path, true);
    }

    private static void makeFolder(FileSystem fileSystem, Path path) throws IOException {
        if (fileSystem instanceof RawLocalFileSystem local) {
            Files.createDirectories(local.pathToFile(path).toPath());
        } else {
            fileSystem.mkdirs(path);
        }
    }

    /** Moves a file, replacing what is there. */
    public void move(String from, String to) throws OutputException {
        Path target = new Path(to);
        try {
            makeFolder(fileSystem(to), target.getParent());
            replace(new Path(from), target);
        } catch (IOException unwritable) {
            throw OutputException.notWritten(to, unwritable);
        }
    }

    public void deleteFile(String path) throws OutputException {
        try {
            fileSystem(path).delete(new Path(path), false);
        } catch (IOException unwritable) {
            throw OutputException.notRemoved(path, unwritable);
        }
    }

    /** Deletes a folder with all that is in it; does nothing where there is none. */
    void deleteFolder(String path) throws IOException {
        fileSystem(path).delete(new Path(path), true);
    }

    /** Deletes what is in a folder but this one. */
    void deleteWithin(String folder, String kept) throws IOException {
        FileSystem fileSystem = fileSystem(folder);
        String spared = qualified(kept);
        for (FileStatus entry : fileSystem.listStatus(new Path(folder))) {
            if (!entry.getPath().toString().equals(spared)) {
                fileSystem.delete(entry.getPath(), true);
            }
        }
    }

    /** Deletes a folder unless something is in it. */
    public void deleteEmptyFolder(String path) throws IOException {
        FileSystem fileSystem = fileSystem(path);
        if (fileSystem.listStatus(new Path(path)).length == 0) {
            fileSystem.delete(new Path(path), false);
        }
    }

    /** Replaces a file in one step; elsewhere than on a local disk a plain rename costs least where it does not refuse. */
    private void replace(Path from, Path to) throws IOException {
        FileSystem fileSystem = fileSystem(to.toString());
        if (fileSystem instanceof RawLocalFileSystem local) {
            // Hadoop's rename would move a file into a folder of its name
            Files.move(local.pathToFile(from).toPath(), local.pathToFile(to).toPath(), StandardCopyOption.ATOMIC_MOVE);
        } else if (!fileSystem.rename(from, to)) {
            FileContext.getFileContext(fileSystem.getUri(), configuration.value())
                    .rename(from, to, Options.Rename.OVERWRITE);
        }
    }

    /**
     * A local disk is used without Hadoop's checksum files beside every file: manifests hold hashes, and setting their
     * permissions costs processes.
     */
    private FileSystem fileSystem(String path) throws IOException {
        FileSystem fileSystem = new Path(path).getFileSystem(configuration.value());
        return fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
    }

    private static Listed listed(FileStatus status) {
        return new Listed(status.getPath().toString(), status.getLen(), status.getModificationTime());
    }

    private static boolean isHidden(Path path, Path root) {
        for (Path part = path; part != null && !part.equals(root); part = part.getParent()) {
            boolean isExport = part.equals(path) && part.getName().startsWith(EXPORT);
            if (part.getName().startsWith(".") || (part.getName().startsWith("_") && !isExport)) {
                return true;
            }
        }
        return false;
    }
}
