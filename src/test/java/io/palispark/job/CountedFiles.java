package io.palispark.job;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local disk as {@code counted:/…}, a file system of its own that counts how often each file is opened. */
public final class CountedFiles extends RawLocalFileSystem {

    static final String SCHEME = "counted";

    private static final Map<String, Integer> OPENED = new ConcurrentHashMap<>();

    /** Makes the scheme known and forgets what was counted. */
    static void use(Configuration configuration) {
        configuration.set("fs." + SCHEME + ".impl", CountedFiles.class.getName());
        OPENED.clear();
    }

    /** How often each file whose name ends like this was opened, by its path. */
    static Map<String, Integer> opened(String extension) {
        Map<String, Integer> opened = new TreeMap<>();
        OPENED.forEach((path, times) -> {
            if (path.endsWith(extension)) {
                opened.put(path, times);
            }
        });
        return opened;
    }

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    /** Without permissions, which Hadoop asks of files by their {@code file:} name. */
    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return plain(super.getFileStatus(path));
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        return Arrays.stream(super.listStatus(path)).map(CountedFiles::plain).toArray(FileStatus[]::new);
    }

    private static FileStatus plain(FileStatus status) {
        return new FileStatus(
                status.getLen(),
                status.isDirectory(),
                1,
                status.getBlockSize(),
                status.getModificationTime(),
                status.getPath());
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        OPENED.merge(path.toUri().getPath(), 1, Integer::sum);
        return super.open(path, bufferSize);
    }
}
