package io.palispark.job;

import io.palispark.dataset.StableHash;
import io.palispark.spark.ImageSource;
import io.palispark.spark.SourcedRecord;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** A hash of everything a part is made from: its records in order, and each picture's name, length, time and group. */
final class PartFingerprint {

    private final MessageDigest digest = StableHash.sha256();
    private final ObjectOutputStream stream;

    PartFingerprint() {
        try {
            stream = new ObjectOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        } catch (IOException impossible) {
            throw new UncheckedIOException("Cannot hash records in memory", impossible);
        }
    }

    /** Adds what the part is made with; to be called before pictures are added. */
    void with(String settings) {
        digest.update(settings.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds the records of one image id. */
    void add(List<SourcedRecord> records) throws IOException {
        for (SourcedRecord sourced : records) {
            stream.writeObject(sourced.record());
            stream.reset();
        }
        stream.flush();
    }

    /** @param side what decides the picture's place, which other pictures may change */
    void add(Optional<ImageSource.Found> image, String side) {
        String picture =
                image.map(found -> found.name() + " " + found.version()).orElse("none");
        digest.update((picture + " " + side).getBytes(StandardCharsets.UTF_8));
    }

    /** The hash; to be asked for once, after the last picture. */
    String text() throws IOException {
        stream.flush();
        return HexFormat.of().formatHex(digest.digest());
    }
}
