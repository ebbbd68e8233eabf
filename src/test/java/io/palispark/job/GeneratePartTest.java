package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palispark.SparkFixture;
import io.palispark.image.ContentRead;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.ImageSource;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One part of 26 pictures of the demo corpus, of which one is missing and one is cut short; every window is saved. */
class GeneratePartTest {

    private static final Path DEMO = Path.of("src/main/resources/io/palispark/demo/images");

    private static final int NONE = -1;

    private final Storage storage = Storage.of(SparkFixture.session());

    @TempDir
    Path folder;

    private final AtomicInteger reads = new AtomicInteger();
    private List<GeneratePart.Picture> pictures;
    private volatile int broken = NONE;
    private GenerateConfig config;

    @BeforeEach
    void aPart() throws Exception {
        Path images = Files.createDirectory(folder.resolve("images"));
        List<Path> demo;
        try (var files = Files.list(DEMO)) {
            demo = files.sorted().limit(24).toList();
        }
        for (Path picture : demo) {
            Files.copy(picture, images.resolve(picture.getFileName()));
        }
        byte[] whole = Files.readAllBytes(demo.get(0));
        Files.write(images.resolve("cut.jpg"), Arrays.copyOf(whole, whole.length / 2));
        config = GenerateConfig.read(
                Optional.empty(),
                List.of(
                        "input.images=" + images,
                        "output.commit-every=0",
                        "output.masks=png",
                        "prompt.texts=[\"caption en\"]",
                        "generate.temperature=1",
                        "generate.batch=2",
                        "output.path=" + folder.resolve("out")));
        List<String> names = new ArrayList<>();
        demo.forEach(picture -> names.add(picture.getFileName().toString()));
        names.add(3, "cut.jpg");
        names.add(12, "missing.jpg");
        pictures = new ArrayList<>();
        for (String name : names) {
            pictures.add(picture(name, pictures.size()));
        }
    }

    @Test
    void theLinesAreTheSameHoweverManyThreadsDecode() throws Exception {
        assertThat(answered("one", 1).files())
                .isNotEmpty()
                .isEqualTo(answered("four", 4).files());
    }

    @Test
    void anAttemptThatDiesIsGoneOnWithBehindItsLastSavedWindow() throws Exception {
        PartReceipt undisturbed = answered("quiet", 2);
        int read = reads.getAndSet(0);
        assertThat(read).isEqualTo(25);

        broken = 17;
        assertThatThrownBy(() -> answered("killed", 2))
                .isInstanceOf(IOException.class)
                .hasMessage("Input/output error");
        broken = NONE;
        reads.set(0);

        assertThat(answered("killed", 2)).isEqualTo(undisturbed);
        // four batches of two requests are four good pictures: the third window ends with the 14th, and 12 are left
        assertThat(reads).hasValue(12);
    }

    @Test
    void anEntryThatIsTornOrOfOtherInputIsNotTaken() throws Exception {
        PartReceipt undisturbed = answered("quiet", 2);
        broken = 17;
        assertThatThrownBy(() -> answered("killed", 2)).isInstanceOf(IOException.class);
        broken = NONE;
        Path second = folder.resolve("out/_staging/killed/unfinished/part-00000/00001");
        byte[] whole = Files.readAllBytes(second);

        assertThat(journal("killed", "other input")
                        .restore(new PredictionPart(config.output().form())))
                .isEmpty();
        Files.write(second, Arrays.copyOf(whole, whole.length - 1));
        reads.set(0);

        assertThat(answered("killed", 2)).isEqualTo(undisturbed);
        // the first window ends with the 5th picture
        assertThat(reads).hasValue(20);
    }

    private PartReceipt answered(String run, int threads) throws Exception {
        return new Answering(config, images(), threads)
                .answer(pictures, journal(run, "input"))
                .stage(staging(run), 0, "input");
    }

    private CommittedFolder staging(String run) {
        return new CommittedFolder(storage, config.output().path(), run);
    }

    private PartJournal journal(String run, String input) {
        return new PartJournal(staging(run), 0, input, config.output().commitEvery());
    }

    private ImageSource images() throws Exception {
        return ImageSource.open(storage, config.input().images(), config.limits());
    }

    private GeneratePart.Picture picture(String name, int place) throws Exception {
        return new GeneratePart.Picture(
                name,
                images().find(name).map(file -> new OnDisk(file, place)),
                List.of(
                        GenerateRequest.of(name, "caption en"),
                        GenerateRequest.of(name, "segment apple ; fish ; star")));
    }

    /** A picture whose reads are counted and whose disk fails while it is the broken one. */
    private final class OnDisk implements ImageSource.Found {

        private final ImageSource.Found file;
        private final int place;

        OnDisk(ImageSource.Found file, int place) {
            this.file = file;
            this.place = place;
        }

        @Override
        public String name() {
            return file.name();
        }

        @Override
        public String version() {
            return file.version();
        }

        @Override
        public long bytes() {
            return file.bytes();
        }

        @Override
        public ContentRead read() throws IOException {
            if (place == broken) {
                throw new IOException("Input/output error");
            }
            reads.incrementAndGet();
            return file.read();
        }
    }
}
