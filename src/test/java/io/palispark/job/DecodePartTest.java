package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.SparkFixture;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Tuple2;

class DecodePartTest {

    private static final FileTime LONG_AGO = FileTime.fromMillis(0);

    @TempDir
    Path folder;

    @Test
    void aPartThatAnEarlierRunFinishedFromTheSameLinesIsNotMadeAgain() throws IOException {
        PartReceipt first = decode("<loc0100><loc0200><loc0900><loc0800> cat");
        Path staged =
                folder.resolve("out/_staging/run").resolve(first.data().get(0).path());
        Files.setLastModifiedTime(staged, LONG_AGO);

        assertThat(decode("<loc0100><loc0200><loc0900><loc0800> cat").data()).isEqualTo(first.data());
        assertThat(Files.getLastModifiedTime(staged)).isEqualTo(LONG_AGO);

        assertThat(decode("<loc0100><loc0200><loc0900><loc0801> cat").data()).isNotEqualTo(first.data());
    }

    private PartReceipt decode(String text) throws IOException {
        DecodeConfig config = DecodeConfig.read(
                Optional.empty(), List.of("input.path=a.jsonl", "output.path=" + folder.resolve("out")));
        DecodePart part = new DecodePart(
                config,
                new CommittedFolder(
                        Storage.of(SparkFixture.session()),
                        folder.resolve("out").toString(),
                        "run"),
                JavaSparkContext.fromSparkContext(SparkFixture.session().sparkContext())
                        .broadcast(RecognisedImages.NONE),
                List.of("a.jsonl"));
        String line = "{\"image\":\"a.jpg\",\"prefix\":\"detect cat\",\"width\":640,\"height\":480,\"text\":\"" + text
                + "\"}";
        return part.call(
                        0,
                        List.of(new Tuple2<>(new RequestKey("a.jpg", "detect cat", 0, 0), line))
                                .iterator())
                .next();
    }
}
