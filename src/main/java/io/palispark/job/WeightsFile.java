package io.palispark.job;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.dataset.StableHash;
import io.palispark.tensor.TensorFileException;
import io.palispark.vqvae.MaskCodecWeights;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;

/** A file of mask codec weights: fetched, checked and described. */
public final class WeightsFile {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int BUFFER = 1 << 16;

    private WeightsFile() {}

    /**
     * What a file must be.
     *
     * @param bytes length
     * @param sha256 lower-case hexadecimal
     */
    public record Expected(long bytes, String sha256) {

        /** Google's {@code vae-oid.npz}, published with big_vision. */
        public static final Expected OFFICIAL = new Expected(8_479_556, MaskCodecWeights.OFFICIAL_SHA256);
    }

    /**
     * Brings a file to its place, whole and checked, or leaves the place as it was.
     *
     * @param source {@code https:}, {@code http:} or {@code file:}
     * @throws IOException when it cannot be read or is not the expected file
     */
    public static void fetch(URI source, Path target, Expected expected) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path unfinished = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            MessageDigest digest = StableHash.sha256();
            long bytes = 0;
            try (InputStream from = open(source);
                    OutputStream to = Files.newOutputStream(unfinished, StandardOpenOption.CREATE_NEW)) {
                byte[] buffer = new byte[BUFFER];
                for (int count = from.read(buffer);
                        count >= 0 && bytes <= expected.bytes();
                        count = from.read(buffer)) {
                    digest.update(buffer, 0, count);
                    to.write(buffer, 0, count);
                    bytes += count;
                }
            }
            if (bytes != expected.bytes()) {
                String found = bytes > expected.bytes() ? "it is longer" : "it has " + bytes;
                throw refused(source, expected.bytes() + " bytes are expected, " + found);
            }
            String sha256 = HexFormat.of().formatHex(digest.digest());
            if (!sha256.equals(expected.sha256())) {
                throw refused(source, "its SHA-256 is " + sha256 + ", not " + expected.sha256());
            }
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static InputStream open(URI source) throws IOException {
        String scheme = String.valueOf(source.getScheme());
        if (scheme.equals("file")) {
            return Files.newInputStream(Path.of(source));
        }
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw refused(source, "only https, http and file addresses are read");
        }
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(PATIENCE)
                .build();
        HttpRequest request = HttpRequest.newBuilder(source).timeout(PATIENCE).build();
        try {
            HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            if (answer.statusCode() != 200) {
                answer.body().close();
                throw refused(source, "the server answers " + answer.statusCode());
            }
            return answer.body();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("Cannot fetch " + shown(source) + ": interrupted", stopped);
        }
    }

    /**
     * One line on a file: whose weights they are, and what keeps {@code codec.weights} from taking them, if anything.
     *
     * @throws IOException when the file cannot be read
     */
    public static ObjectNode describe(Path file) throws IOException {
        ObjectNode line = JsonNodeFactory.instance.objectNode().put("file", file.toString());
        line.put("bytes", Files.size(file));
        try {
            MaskCodecWeights weights = MaskCodecWeights.read(file);
            line.put("sha256", weights.sha256());
            line.put("weights", weights.isOfficial() ? "official" : weights.isStandIn() ? "stand-in" : "unknown");
            return line.put("usable", true);
        } catch (TensorFileException refused) {
            return line.put("usable", false).put("problem", refused.getMessage());
        }
    }

    private static IOException refused(URI source, String reason) {
        return new IOException("Cannot fetch " + shown(source) + ": " + reason);
    }

    private static String shown(URI source) {
        return Settings.withoutLogin(source.toString());
    }
}
