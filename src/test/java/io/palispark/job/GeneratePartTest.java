package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.SparkFixture;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.ImageSource;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One part of 26 pictures of the demo corpus, of which one is missing and one is cut short. */
class GeneratePartTest {

    private static final Path DEMO = Path.of("src/main/resources/io/palispark/demo/images");

    private final Storage storage = Storage.of(SparkFixture.session());

    @TempDir
    Path folder;

    private List<GeneratePart.Picture> pictures;
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
                        "prompt.texts=[\"caption en\"]",
                        "generate.temperature=1",
                        "generate.batch=2",
                        "output.path=" + folder.resolve("out")));
        pictures = new ArrayList<>();
        for (Path picture : demo) {
            pictures.add(picture(picture.getFileName().toString()));
        }
        pictures.add(3, picture("cut.jpg"));
        pictures.add(12, picture("missing.jpg"));
    }

    @Test
    void theLinesAreTheSameHoweverManyThreadsDecode() throws Exception {
        assertThat(answered("one", 1).files())
                .isNotEmpty()
                .isEqualTo(answered("four", 4).files());
    }

    private PartReceipt answered(String run, int threads) throws Exception {
        return new Answering(config, images(), threads)
                .answer(pictures)
                .stage(new CommittedFolder(storage, config.output().path(), run), 0, "input");
    }

    private ImageSource images() throws Exception {
        return ImageSource.open(storage, config.input().images(), config.limits());
    }

    private GeneratePart.Picture picture(String name) throws Exception {
        return new GeneratePart.Picture(
                name,
                images().find(name),
                List.of(
                        GenerateRequest.of(name, "caption en"),
                        GenerateRequest.of(name, "detect apple ; fish ; star")));
    }
}
