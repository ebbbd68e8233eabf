package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.palispark.SparkFixture;
import io.palispark.job.GuardVerdict.Reason;
import io.palispark.job.GuardVerdict.Safe;
import io.palispark.job.GuardVerdict.Unavailable;
import io.palispark.job.GuardVerdict.Unsafe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentGuardTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CAT = "<loc0100><loc0200><loc0900><loc0800> cat";

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private HttpServer server;

    /** Answers the request of a number, the first being 1. */
    @FunctionalInterface
    private interface Reply {
        void to(HttpExchange exchange, int number) throws IOException, InterruptedException;
    }

    private Reply reply;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/chat/completions", this::handle);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.add(JSON.readTree(exchange.getRequestBody()));
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            reply.to(exchange, asked.size());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String completion(String content) {
        return JSON.createObjectNode()
                .set(
                        "choices",
                        JSON.createArrayNode()
                                .add(JSON.createObjectNode()
                                        .set("message", JSON.createObjectNode().put("content", content))))
                .toString();
    }

    private static Reply says(String content) {
        return (exchange, number) -> send(exchange, 200, completion(content));
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/chat/completions";
    }

    private DecodeConfig config(String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "input.path=" + folder.resolve("answers.jsonl"),
                "output.path=" + folder.resolve("out"),
                "guard.url=" + url(),
                "guard.requests-per-second=1000",
                "guard.backoff=0.01"));
        all.addAll(List.of(settings));
        return DecodeConfig.read(Optional.empty(), all);
    }

    private GuardVerdict judge(String... settings) throws IOException {
        return new ContentGuard(config(settings).guard(), name -> "secret-of-" + name).judge("detect cat", CAT);
    }

    @Test
    void promptAndOutputGoAsAConversationAndSafeComesBack() throws IOException {
        reply = says("\n\nsafe");

        assertThat(judge("guard.model=guard-1")).isEqualTo(new Safe());

        JsonNode body = asked.get(0);
        assertThat(body.path("model").asText()).isEqualTo("guard-1");
        assertThat(body.path("messages").toString())
                .isEqualTo("[{\"role\":\"user\",\"content\":\"detect cat\"},{\"role\":\"assistant\",\"content\":\""
                        + CAT + "\"}]");
        assertThat(keys).containsExactly("null");
    }

    @Test
    void unsafeNamesItsCategories() throws IOException {
        reply = says("unsafe\nS1,S10");

        assertThat(judge()).isEqualTo(new Unsafe(List.of("S1", "S10")));
    }

    @Test
    void aTemplateIsOneMessageWhosePlacesAreFilledOnce() throws IOException {
        reply = says("safe");
        DecodeConfig config = config("guard.template=Asked: {prompt} Written: {output}");

        new ContentGuard(config.guard(), name -> null).judge("say {output} $1", "{prompt}");

        assertThat(asked.get(0).path("messages").toString())
                .isEqualTo("[{\"role\":\"user\",\"content\":\"Asked: say {output} $1 Written: {prompt}\"}]");
    }

    @Test
    void tooManyRequestsWaitsAsLongAsTheServerAsks() throws IOException {
        reply = (exchange, number) -> {
            exchange.getResponseHeaders().add("Retry-After", "1");
            send(exchange, number == 1 ? 429 : 200, completion("safe"));
        };
        long start = System.nanoTime();

        assertThat(judge()).isEqualTo(new Safe());

        assertThat(System.nanoTime() - start).isGreaterThan(1_000_000_000L);
        assertThat(asked).hasSize(2);
    }

    @Test
    void aFailingServerIsAskedAgainUntilRetriesEnd() throws IOException {
        reply = (exchange, number) -> send(exchange, number < 3 ? 500 : 200, completion("unsafe"));
        assertThat(judge("guard.retries=2")).isEqualTo(new Unsafe(List.of()));

        asked.clear();
        assertThat(judge("guard.retries=1")).isEqualTo(new Unavailable(Reason.STATUS, "HTTP 500"));
        assertThat(asked).hasSize(2);
    }

    @Test
    void aRefusalIsNotAskedAgain() throws IOException {
        reply = (exchange, number) -> send(exchange, 401, "secret");

        assertThat(judge()).isEqualTo(new Unavailable(Reason.STATUS, "HTTP 401"));
        assertThat(asked).hasSize(1);
    }

    @Test
    void aBodyThatDripsTimesOut() throws IOException {
        reply = (exchange, number) -> {
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < 200; i++) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                Thread.sleep(50);
            }
        };
        long start = System.nanoTime();

        assertThat(judge("guard.timeout=0.2", "guard.retries=1"))
                .isEqualTo(new Unavailable(Reason.TIMEOUT, "no whole answer within 0.2 s"));

        assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
    }

    @Test
    void whatIsNoCompletionOrNoVerdictIsUnavailable() throws IOException {
        reply = (exchange, number) -> send(exchange, 200, "{\"choices\": [");
        assertThat(judge()).extracting("reason").isEqualTo(Reason.RESPONSE_MALFORMED);
        reply = (exchange, number) -> send(exchange, 200, "{\"choices\": \"none\"}");
        assertThat(judge()).extracting("reason").isEqualTo(Reason.RESPONSE_MALFORMED);
        reply = says("I think it is safe");
        assertThat(judge()).extracting("reason").isEqualTo(Reason.VERDICT_UNKNOWN);
        assertThat(asked).hasSize(3);
    }

    @Test
    void aHugeBodyIsCutOff() throws IOException {
        reply = (exchange, number) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < 1024; i++) {
                exchange.getResponseBody().write(block);
            }
        };

        assertThat(judge()).extracting("reason").isEqualTo(Reason.RESPONSE_TOO_LARGE);
    }

    @Test
    void anAbsentServerIsUnreachable() throws IOException {
        server.stop(0);

        assertThat(judge("guard.retries=1")).extracting("reason").isEqualTo(Reason.UNREACHABLE);
    }

    @Test
    void requestsOfAllTasksKeepOnePace() throws IOException {
        reply = says("safe");
        long start = System.nanoTime();
        for (int i = 0; i < 6; i++) {
            judge("guard.requests-per-second=20");
        }
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(250_000_000L);
    }

    @Test
    void theKeyIsSentAndAMissingOneIsNamedWithoutItsValue() throws IOException {
        reply = says("safe");
        judge("guard.key-variable=GUARD_KEY");
        assertThat(keys).containsExactly("Bearer secret-of-GUARD_KEY");

        assertThatThrownBy(() ->
                        new ContentGuard(config("guard.key-variable=GUARD_KEY").guard(), name -> "broken\nkey"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("GUARD_KEY")
                .hasMessageNotContaining("broken");
    }

    @Test
    void decodeWritesTheVerdictIntoEachLineAndCountsIt() throws IOException {
        answers("cat", "dog");
        reply = (exchange, number) -> {
            String output = asked.get(number - 1)
                    .path("messages")
                    .path(1)
                    .path("content")
                    .asText();
            send(exchange, 200, completion(output.endsWith("dog") ? "unsafe\nS1,S10" : "safe"));
        };

        DecodeResult result = DecodeJob.run(SparkFixture.session(), config("input.path=" + answersFile()));

        assertThat(result.counts()).containsEntry("guard:safe", 1L).containsEntry("guard:unsafe", 1L);
        assertThat(lines())
                .extracting(line -> line.path("guard").toString())
                .containsExactlyInAnyOrder(
                        "{\"verdict\":\"safe\",\"categories\":[],\"reason\":null,\"detail\":null}",
                        "{\"verdict\":\"unsafe\",\"categories\":[\"S1\",\"S10\"],\"reason\":null,\"detail\":null}");
    }

    @Test
    void generateAsksTheGuardTooButNotAboutPicturesThatItCannotRead() throws IOException {
        Files.write(
                folder.resolve("rows.jsonl"),
                List.of(
                        "{\"image\":\"scene_001001.jpg\",\"prefix\":\"detect apple\"}",
                        "{\"image\":\"missing.jpg\",\"prefix\":\"detect apple\"}"));
        reply = says("unsafe\nS2");

        GenerateResult result = GenerateJob.run(
                SparkFixture.session(),
                GenerateConfig.read(
                        Optional.empty(),
                        List.of(
                                "input.rows=" + folder.resolve("rows.jsonl"),
                                "input.images=src/main/resources/io/palispark/demo/images",
                                "output.path=" + folder.resolve("out"),
                                "gates.max-reject-ratio=1",
                                "guard.url=" + url())));

        assertThat(result.count("guard:unsafe")).isEqualTo(1);
        assertThat(asked)
                .singleElement()
                .satisfies(request -> assertThat(request.toString()).contains("detect apple", "<loc"));
        assertThat(lines())
                .extracting(line -> line.path("guard").path("verdict").asText())
                .containsExactlyInAnyOrder("unsafe", "");
    }

    @Test
    void withoutAVerdictLinesAreKeptOrRejectedAsSet() throws IOException {
        answers("cat");
        reply = (exchange, number) -> send(exchange, 200, "no json");

        assertThat(DecodeJob.run(SparkFixture.session(), config()).counts())
                .containsEntry("rows", 1L)
                .containsEntry("guard:unavailable-response-malformed", 1L);
        assertThat(DecodeJob.run(
                                SparkFixture.session(),
                                config("guard.on-unavailable=reject", "gates.max-reject-ratio=1"))
                        .counts())
                .containsEntry("rejected", 1L)
                .containsEntry("reject:guard-unavailable", 1L);
        try (var rejects = Files.list(folder.resolve("out/rejects"))) {
            assertThat(rejects.filter(file -> file.toString().endsWith(".jsonl")))
                    .singleElement()
                    .satisfies(file -> assertThat(Files.readString(file)).contains("answers.jsonl byte 0"));
        }
    }

    @Test
    void settingsThatCannotWorkAreNamedTogether() {
        assertThatThrownBy(() ->
                        config("guard.url=ftp://host/x?key=1", "guard.template=nothing", "guard.on-unavailable=maybe"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is no http or https address")
                .hasMessageContaining("guard.key-variable")
                .hasMessageContaining("must contain {output}")
                .hasMessageContaining("keep | reject");
    }

    private Path answersFile() {
        return folder.resolve("answers.jsonl");
    }

    private void answers(String... labels) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String label : labels) {
            lines.add(("{\"image\":\"%s.jpg\",\"prefix\":\"detect %s\",\"width\":64,\"height\":48,"
                            + "\"text\":\"<loc0100><loc0200><loc0900><loc0800> %s\"}")
                    .formatted(label, label, label));
        }
        Files.write(answersFile(), lines);
    }

    private List<JsonNode> lines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        JsonNode manifest = JSON.readTree(folder.resolve("out/manifest.json").toFile());
        for (JsonNode shard : manifest.path("shards")) {
            for (String line : Files.readAllLines(
                    folder.resolve("out").resolve(shard.path("path").asText()))) {
                lines.add(JSON.readTree(line));
            }
        }
        return lines;
    }
}
