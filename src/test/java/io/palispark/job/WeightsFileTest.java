package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.palispark.dataset.StableHash;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsFileTest {

    private static final Path STAND_IN = Path.of("src/main/resources/io/palispark/standin/mask-codec.npz");

    @TempDir
    private Path folder;

    private byte[] content;
    private WeightsFile.Expected expected;
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        content = Files.readAllBytes(STAND_IN);
        expected = expected(content);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer("/whole.npz", content);
        answer("/short.npz", Arrays.copyOf(content, content.length - 1));
        answer("/long.npz", Arrays.copyOf(content, content.length + 1));
        byte[] flipped = content.clone();
        flipped[content.length / 2] ^= 1;
        answer("/flipped.npz", flipped);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aFileIsFetchedOverHttp() throws IOException {
        Path target = folder.resolve("new/vae.npz");
        WeightsFile.fetch(address("/whole.npz"), target, expected);
        assertThat(target).hasBinaryContent(content);
        assertThat(WeightsFile.describe(target).path("weights").asText()).isEqualTo("stand-in");
        assertThat(target.getParent()).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void aFileIsTakenFromADisk() throws IOException {
        Path target = folder.resolve("vae.npz");
        WeightsFile.fetch(STAND_IN.toUri(), target, expected);
        assertThat(target).hasBinaryContent(content);
    }

    @Test
    void whatIsNotTheExpectedFileLeavesThePlaceAsItWas() throws IOException {
        Path target = Files.writeString(folder.resolve("vae.npz"), "as it was");
        refused(address("/short.npz"), target, "bytes are expected");
        refused(address("/long.npz"), target, "it is longer");
        refused(address("/flipped.npz"), target, "SHA-256");
        refused(address("/absent.npz"), target, "404");
        refused(URI.create("ftp://user:hidden@127.0.0.1/x"), target, "only https, http and file");
        refused(folder.resolve("absent.npz").toUri(), target, "absent.npz");
        assertThat(target).hasContent("as it was");
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void theStandInIsNotTakenForTheOfficialFile() {
        assertThatThrownBy(() ->
                        WeightsFile.fetch(STAND_IN.toUri(), folder.resolve("vae.npz"), WeightsFile.Expected.OFFICIAL))
                .isInstanceOf(IOException.class);
        assertThat(folder.resolve("vae.npz")).doesNotExist();
    }

    @Test
    void whatIsNoMaskCodecSaysWhy() throws IOException {
        Path file = Files.writeString(folder.resolve("notes.npz"), "no archive");
        assertThat(WeightsFile.describe(file).path("usable").asBoolean()).isFalse();
        assertThat(WeightsFile.describe(file).path("problem").asText()).contains("notes.npz");
    }

    private void refused(URI source, Path target, String reason) {
        assertThatThrownBy(() -> WeightsFile.fetch(source, target, expected))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(reason)
                .hasMessageNotContaining("hidden");
    }

    private static WeightsFile.Expected expected(byte[] bytes) {
        return new WeightsFile.Expected(
                bytes.length, HexFormat.of().formatHex(StableHash.sha256().digest(bytes)));
    }

    private void answer(String path, byte[] bytes) {
        server.createContext(path, exchange -> {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }
}
