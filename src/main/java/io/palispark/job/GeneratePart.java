package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.annotation.SafeName;
import io.palispark.dataset.StableHash;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.ImageSource;
import io.palispark.spark.PartReceipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * The work on one part of the requests, brought together by picture. A part that an earlier run finished from the same
 * input is not made again, and of one that it did not finish only what its journal lacks.
 */
final class GeneratePart
        implements Function2<Integer, Iterator<Tuple2<GenerateRequest, Boolean>>, Iterator<PartReceipt>> {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(GeneratePart.class);

    private final GenerateConfig config;
    private final ImageSource images;
    private final CommittedFolder output;

    GeneratePart(GenerateConfig config, ImageSource images, CommittedFolder output) {
        this.config = config;
        this.images = images;
        this.output = output;
    }

    /**
     * A picture with all that is asked about it.
     *
     * @param requests each (image, prefix) once
     */
    record Picture(String image, Optional<ImageSource.Found> found, List<GenerateRequest> requests) {}

    @Override
    public Iterator<PartReceipt> call(Integer part, Iterator<Tuple2<GenerateRequest, Boolean>> requests)
            throws IOException, InterruptedException {
        ObjectMapper json = new ObjectMapper();
        List<Picture> pictures = pictures(requests);
        String fingerprint = fingerprint(pictures);
        Optional<PartReceipt> finished = output.finished(part, fingerprint, json);
        if (finished.isPresent()) {
            return List.of(finished.get()).iterator();
        }
        LOG.info(
                "Answering part {} with {} in process {}",
                part,
                DevicePlacement.ofTask().values(),
                ProcessHandle.current().pid());
        PartJournal journal =
                new PartJournal(output, part, fingerprint, config.output().commitEvery());
        PartReceipt receipt = new Answering(config, images, decodeThreads())
                .answer(pictures, journal)
                .stage(output, part, fingerprint);
        output.finish(receipt, json);
        output.dropUnfinished(part);
        return List.of(receipt).iterator();
    }

    /** As many as Spark gave the task cores. */
    private static int decodeThreads() {
        TaskContext task = TaskContext.get();
        return task == null ? 1 : task.cpus();
    }

    /** @param sorted brings the requests of a picture, and equal ones, together */
    private List<Picture> pictures(Iterator<Tuple2<GenerateRequest, Boolean>> sorted) throws IOException {
        List<Picture> pictures = new ArrayList<>();
        Picture picture = null;
        GenerateRequest before = null;
        while (sorted.hasNext()) {
            GenerateRequest request = sorted.next()._1();
            if (before == null || !before.image().equals(request.image())) {
                picture = new Picture(request.image(), find(request.image()), new ArrayList<>());
                pictures.add(picture);
            }
            if (!request.equals(before)) {
                picture.requests().add(request);
            }
            before = request;
        }
        return pictures;
    }

    private Optional<ImageSource.Found> find(String image) throws IOException {
        Optional<SafeName> name = SafeName.of(image);
        return name.isPresent() ? images.find(name.get().path()) : Optional.empty();
    }

    private static String fingerprint(List<Picture> pictures) {
        MessageDigest digest = StableHash.sha256();
        for (Picture picture : pictures) {
            String version = picture.found().map(ImageSource.Found::version).orElse("none");
            digest.update((picture.image() + "\n" + version + "\n").getBytes(StandardCharsets.UTF_8));
            for (GenerateRequest request : picture.requests()) {
                digest.update((request.prefix() + "\n" + request.fault() + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
