package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.OutputException;
import io.palispark.spark.ShardFile;
import io.palispark.spark.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write an output folder, which one run at a time has: a file below {@code _staging} that its run rewrites
 * every few seconds. A second run is refused; it takes over where the process is gone from this machine, or where the
 * file has not changed while it was watched. No clock is compared with another.
 */
final class OutputClaim implements AutoCloseable {

    /** Below the output folder. */
    static final String FILE = CommittedFolder.CLAIM;

    private static final Logger LOG = LoggerFactory.getLogger(OutputClaim.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Storage storage;
    private final CommittedFolder output;
    private final String root;
    private final Rhythm rhythm;
    private final ScheduledExecutorService beating;
    private Holder holder;
    private boolean lost;

    /**
     * @param beat between two writes of the file
     * @param patience a file that does not change for so long belongs to a dead run
     */
    record Rhythm(Duration beat, Duration patience) {
        static final Rhythm USUAL = new Rhythm(Duration.ofSeconds(5), Duration.ofSeconds(30));
    }

    /** What the file says. */
    record Holder(String run, String command, String host, long process, String started, long beats) {

        static Holder ofThisProcess(String command) {
            return new Holder(
                    UUID.randomUUID().toString(),
                    command,
                    machine(),
                    ProcessHandle.current().pid(),
                    Instant.now().toString(),
                    0);
        }

        Holder afterBeat() {
            return new Holder(run, command, host, process, started, beats + 1);
        }

        boolean hasEnded() {
            return host.equals(machine()) && ProcessHandle.of(process).isEmpty();
        }

        @Override
        public String toString() {
            return "the run of " + command + " that process " + process + " on " + host + " began at " + started;
        }

        private static String machine() {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException unnamed) {
                return "a machine without a name";
            }
        }
    }

    private OutputClaim(Storage storage, CommittedFolder output, Rhythm rhythm, Holder holder) {
        this.storage = storage;
        this.output = output;
        this.root = output.root();
        this.rhythm = rhythm;
        this.holder = holder;
        this.beating = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "claim of " + root);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Claims a folder.
     *
     * @param command what a person knows the run as
     * @throws OutputException when another run has it, or it cannot be written
     */
    static OutputClaim take(Storage storage, CommittedFolder output, String command) throws OutputException {
        return take(storage, output, command, Rhythm.USUAL);
    }

    static OutputClaim take(Storage storage, CommittedFolder output, String command, Rhythm rhythm)
            throws OutputException {
        OutputClaim claim = new OutputClaim(storage, output, rhythm, Holder.ofThisProcess(command));
        try {
            while (!storage.create(claim.path(), JSON.writeValueAsBytes(claim.holder))) {
                claim.removeDead();
            }
        } catch (OutputException refused) {
            throw refused;
        } catch (IOException unwritable) {
            throw new OutputException(
                    "Cannot write " + Settings.withoutLogin(output.root()) + ": " + unwritable.getMessage(),
                    unwritable);
        }
        claim.start();
        return claim;
    }

    /** Removes another run's claim once it is sure that the run is dead. */
    private void removeDead() throws IOException {
        Optional<byte[]> first = content();
        if (first.isEmpty()) {
            return;
        }
        Optional<Holder> other = holder(first.get());
        if (other.isEmpty() || !other.get().hasEnded()) {
            LOG.info(
                    "{} is claimed by {}; watching whether it lives",
                    root,
                    other.map(Holder::toString).orElse("another run"));
            watch(first.get());
        }
        Optional<byte[]> last = content();
        if (last.isPresent() && !Arrays.equals(last.get(), first.get())) {
            throw new OutputException(
                    "Cannot write " + Settings.withoutLogin(root) + ": "
                            + holder(last.get()).map(Holder::toString).orElse("another run")
                            + " is writing it. Wait until it has ended, or give output.path another folder",
                    null);
        }
        if (last.isPresent()) {
            LOG.info("The claim of a dead run is taken over in {}", root);
            storage.deleteFile(path());
        }
    }

    /** Until the claim's content changes, or for the whole patience. */
    private void watch(byte[] content) throws IOException {
        long begun = System.nanoTime();
        boolean same = true;
        while (same && System.nanoTime() - begun < rhythm.patience().toNanos()) {
            pause();
            same = content().filter(now -> Arrays.equals(now, content)).isPresent();
        }
    }

    private void pause() throws OutputException {
        try {
            Thread.sleep(Math.max(1, rhythm.beat().toMillis() / 5));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new OutputException("Cannot write " + root + ": interrupted while it was claimed", null);
        }
    }

    private void start() {
        long milliseconds = rhythm.beat().toMillis();
        beating.scheduleWithFixedDelay(this::beat, milliseconds, milliseconds, TimeUnit.MILLISECONDS);
    }

    /** A beat that cannot be written is no reason to stop: the next one may be. */
    private synchronized void beat() {
        try {
            if (isMine()) {
                holder = holder.afterBeat();
                storage.write(path(), JSON.writeValueAsBytes(holder));
            } else {
                lost = true;
                beating.shutdown();
            }
        } catch (IOException unwritable) {
            LOG.warn("The claim of {} was not kept fresh: {}", root, unwritable.getMessage());
        }
    }

    CommittedFolder output() {
        return output;
    }

    /**
     * Publishes the manifest, where the folder is still this run's.
     *
     * @param named files that were staged under names of their own
     * @throws OutputException when another run took the folder over, because this one seemed dead
     */
    synchronized void publish(byte[] manifest, List<ShardFile> named) throws IOException {
        confirm();
        output.publish(manifest, named);
    }

    /** Refuses to go on where the folder is another run's by now. */
    synchronized void confirm() throws IOException {
        if (lost || !isMine()) {
            throw new OutputException(
                    "Cannot publish to " + Settings.withoutLogin(root)
                            + ": another run took the folder over, as this one did not write " + FILE + " for "
                            + rhythm.patience().toSeconds() + " s. Start it again: it finds the parts that it finished",
                    null);
        }
    }

    private boolean isMine() throws IOException {
        return content()
                .flatMap(OutputClaim::holder)
                .filter(found -> found.run().equals(holder.run()))
                .isPresent();
    }

    private Optional<byte[]> content() throws IOException {
        try {
            return Optional.of(storage.read(path()));
        } catch (FileNotFoundException released) {
            return Optional.empty();
        }
    }

    /** Empty for a file that is just being written. */
    private static Optional<Holder> holder(byte[] content) {
        try {
            return Optional.of(JSON.readValue(content, Holder.class));
        } catch (IOException unfinished) {
            return Optional.empty();
        }
    }

    private String path() {
        return root + "/" + FILE;
    }

    @Override
    public synchronized void close() {
        beating.shutdown();
        try {
            if (isMine()) {
                storage.deleteFile(path());
                storage.deleteEmptyFolder(root + "/" + CommittedFolder.STAGING);
            }
        } catch (IOException unwritable) {
            LOG.warn("The claim of {} stays behind: {}", root, unwritable.getMessage());
        }
    }
}
