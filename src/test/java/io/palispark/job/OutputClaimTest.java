package io.palispark.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palispark.spark.CommittedFolder;
import io.palispark.spark.OutputException;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several runs that want one folder. */
class OutputClaimTest {

    private static final OutputClaim.Rhythm QUICK =
            new OutputClaim.Rhythm(Duration.ofMillis(50), Duration.ofMillis(600));

    @TempDir
    private Path folder;

    private final Storage storage = Storage.withoutSession();

    /** Another run that writes a folder. */
    static OutputClaim held(Path folder, String command) throws IOException {
        Storage storage = Storage.withoutSession();
        return OutputClaim.take(storage, new CommittedFolder(storage, folder.toString(), "other"), command, QUICK);
    }

    @Test
    void oneOfManyThatBeginAtOnceHasTheFolder() throws Exception {
        int runs = 8;
        CountDownLatch start = new CountDownLatch(runs);
        ExecutorService threads = Executors.newFixedThreadPool(runs);
        List<Future<Optional<OutputClaim>>> claims = IntStream.range(0, runs)
                .mapToObj(run -> threads.submit(() -> {
                    start.countDown();
                    start.await();
                    return attempt();
                }))
                .toList();

        List<OutputClaim> winners = new ArrayList<>();
        for (Future<Optional<OutputClaim>> claim : claims) {
            claim.get().ifPresent(winners::add);
        }
        threads.shutdown();
        winners.forEach(OutputClaim::close);

        assertThat(winners).hasSize(1);
    }

    @Test
    void theOtherIsToldWhoHasIt() throws IOException {
        try (OutputClaim held = take()) {
            assertThat(held.output().root()).isEqualTo(folder.toString());
            assertThatThrownBy(this::take)
                    .isInstanceOf(OutputException.class)
                    .hasMessageContaining("Cannot write " + folder)
                    .hasMessageContaining("the run of prepare that process "
                            + ProcessHandle.current().pid())
                    .hasMessageContaining("give output.path another folder");
        }
    }

    @Test
    void aFolderGivenBackIsFreeAndLeavesNothingBehind() throws IOException {
        take().close();
        assertThat(folder).isEmptyDirectory();
        take().close();
    }

    @Test
    void aClaimOfAProcessThatIsGoneFromThisMachineIsTakenOverAtOnce() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        try (OutputClaim held = take()) {
            String mine = Files.readString(claim());
            String theirs = mine.replace(
                    "\"process\":" + ProcessHandle.current().pid() + ",", "\"process\":" + ended.pid() + ",");
            assertThat(theirs).isNotEqualTo(mine);
            held.close();
            Files.createDirectories(claim().getParent());
            Files.writeString(claim(), theirs);
        }

        long begun = System.nanoTime();
        take().close();

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(QUICK.patience());
    }

    @Test
    void aClaimThatDoesNotChangeWhileItIsWatchedIsTakenOverWhateverItsDate() throws IOException {
        for (Duration age : List.of(Duration.ofDays(-3), Duration.ofDays(3))) {
            Files.createDirectories(claim().getParent());
            Files.writeString(
                    claim(),
                    "{\"run\":\"a\",\"command\":\"prepare\",\"host\":\"another\",\"process\":1,\"started\":\"2031-01-01T00:00:00Z\",\"beats\":7}");
            Files.setLastModifiedTime(claim(), FileTime.from(Instant.now().minus(age)));

            take().close();

            assertThat(claim()).doesNotExist();
        }
    }

    @Test
    void aHalfWrittenClaimIsWatchedToo() throws IOException {
        Files.createDirectories(claim().getParent());
        Files.writeString(claim(), "{\"run\":");
        take().close();
        assertThat(claim()).doesNotExist();
    }

    @Test
    void whoLostTheFolderDoesNotPublish() throws IOException {
        try (OutputClaim slow = take()) {
            Files.delete(claim());
            try (OutputClaim next = take()) {
                assertThatThrownBy(() -> slow.publish("{\"of\":\"slow\"}".getBytes(UTF_8), List.of()))
                        .isInstanceOf(OutputException.class)
                        .hasMessageContaining("another run took the folder over");
                next.publish("{\"of\":\"next\"}".getBytes(UTF_8), List.of());
            }
        }
        assertThat(folder.resolve("manifest.json")).hasContent("{\"of\":\"next\"}");
        assertThat(folder.resolve("_staging")).doesNotExist();
    }

    private Optional<OutputClaim> attempt() {
        try {
            return Optional.of(take());
        } catch (OutputException refused) {
            return Optional.empty();
        }
    }

    private OutputClaim take() throws OutputException {
        return OutputClaim.take(storage, new CommittedFolder(storage, folder.toString(), "work"), "prepare", QUICK);
    }

    private Path claim() {
        return folder.resolve("_staging/claim.json");
    }
}
