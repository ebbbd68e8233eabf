package io.palispark.spark;

import io.palispark.vqvae.MaskCodec;
import io.palispark.vqvae.MaskCodecWeights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;

/** Mask codecs of this process: opened once for each weights file, however many tasks, queries and rows ask. */
public final class SharedCodecs {

    /** The word that names the weights bundled with the jar. */
    public static final String STAND_IN = "standin";

    private static final ConcurrentHashMap<String, MaskCodec> CODECS = new ConcurrentHashMap<>();

    private SharedCodecs() {}

    /** @param weights a vae-oid.npz on this machine, the name of one that {@code --files} brought, or {@code standin} */
    public static MaskCodec codec(String weights) {
        return CODECS.computeIfAbsent(weights, file -> {
            try {
                return MaskCodec.of(weights(file));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(
                        "Cannot open the mask codec " + file + ": set codec.weights to a vae-oid.npz or to standin",
                        unreadable);
            }
        });
    }

    /** The weights alone, read anew. */
    public static MaskCodecWeights weights(String weights) throws IOException {
        if (weights.equals(STAND_IN)) {
            return MaskCodecWeights.standIn();
        }
        Path file = Path.of(weights);
        boolean brought = !Files.exists(file) && SparkEnv.get() != null && file.getNameCount() == 1;
        return MaskCodecWeights.read(brought ? Path.of(SparkFiles.get(weights)) : file);
    }
}
