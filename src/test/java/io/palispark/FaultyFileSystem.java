package io.palispark;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * A local disk that goes wrong as {@code faults.sh} tells it in Hadoop's configuration: {@code
 * fs.faulty.file} is a part of the names it goes wrong at, {@code fs.faulty.kind} says how, {@code fs.faulty.times} how
 * often in all processes together, which leave a mark each in the folder {@code fs.faulty.marks}, and {@code
 * fs.faulty.seconds} how long what is slow takes.
 */
public final class FaultyFileSystem extends RawLocalFileSystem {

    /** What opening a file comes to. */
    enum Kind {
        /** An error of the device. */
        FAIL,
        /** Waiting, a second unless told otherwise. */
        SLOW,
        /** The file is gone between being found and being opened. */
        VANISH,
        /** The process ends by a segmentation fault. */
        CRASH
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        Configuration configuration = getConf();
        if (path.getName().contains(configuration.get("fs.faulty.file", "nothing"))
                && mark(new File(configuration.get("fs.faulty.marks")), configuration.getInt("fs.faulty.times", 1))) {
            goWrong(configuration.getEnum("fs.faulty.kind", Kind.FAIL), path);
        }
        return super.open(path, bufferSize);
    }

    private static boolean mark(File folder, int times) throws IOException {
        for (int time = 0; time < times; time++) {
            if (new File(folder, "time-" + time).createNewFile()) {
                return true;
            }
        }
        return false;
    }

    private void goWrong(Kind kind, Path path) throws IOException {
        switch (kind) {
            case FAIL -> throw new IOException(path + ": Input/output error (made by the test)");
            case SLOW -> pause(getConf().getInt("fs.faulty.seconds", 1));
            case VANISH -> {
                delete(path, false);
                throw new FileNotFoundException(path + " vanished (made by the test)");
            }
            case CRASH -> {
                new ProcessBuilder(
                                "kill",
                                "-SEGV",
                                String.valueOf(ProcessHandle.current().pid()))
                        .start();
                pause(1);
            }
        }
    }

    private static void pause(int seconds) throws IOException {
        try {
            Thread.sleep(1000L * seconds);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }
}
