package io.palispark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageTest {

    private final Storage storage = Storage.withoutSession();

    @Test
    void listsFilesOfAllFoldersBelowInOrderOfTheirPaths(@TempDir Path folder) throws IOException {
        write(folder, "b.jpg", "a/c.jpg", "a/a b.jpg", "a/.part.tmp", "_staging/d.jpg");

        assertThat(storage.list(folder.toString()))
                .containsExactly(listed(folder, "a/a b.jpg"), listed(folder, "a/c.jpg"), listed(folder, "b.jpg"));
        assertThat(storage.listAll(folder.toString())).hasSize(5);
    }

    @Test
    void listsAFileAsItself(@TempDir Path folder) throws IOException {
        write(folder, "truth.json");

        assertThat(storage.list(folder + "/truth.json")).containsExactly(listed(folder, "truth.json"));
    }

    @Test
    void saysThatAFolderIsAbsent(@TempDir Path folder) {
        assertThatThrownBy(() -> storage.list(folder + "/absent")).isInstanceOf(FileNotFoundException.class);
    }

    /** Hadoop's walk starts one for each file to learn its permissions: 85 s for 20,000 pictures. */
    @Test
    void startsNoProcessToListALocalDisk(@TempDir Path folder, @TempDir Path recorded) throws IOException {
        write(folder, "a.jpg", "b.jpg", "c/d.jpg");
        storage.list(folder.toString()); // once in its life Hadoop asks for a shell

        List<RecordedEvent> processes;
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ProcessStart");
            recording.start();
            storage.list(folder.toString());
            recording.stop();
            recording.dump(recorded.resolve("list.jfr"));
            processes = RecordingFile.readAllEvents(recorded.resolve("list.jfr"));
        }

        assertThat(processes).isEmpty();
    }

    private static void write(Path folder, String... names) throws IOException {
        for (String name : names) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, name);
        }
    }

    private static Storage.Listed listed(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        return new Storage.Listed(
                "file:" + file,
                Files.size(file),
                Files.getLastModifiedTime(file).toMillis());
    }
}
