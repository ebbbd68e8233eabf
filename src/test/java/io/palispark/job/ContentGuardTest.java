package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SparkFixture;
import io.palispark.job.GuardVerdict.Reason;
import io.palispark.job.GuardVerdict.Safe;
import io.palispark.job.GuardVerdict.Unavailable;
import io.palispark.job.GuardVerdict.Unsafe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentGuardTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CAT = "<loc0100><loc0200><loc0900><loc0800> cat";

    @TempDir
    Path folder;

    private final GuardServer server = new GuardServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private DecodeConfig config(String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "input.path=" + folder.resolve("answers.jsonl"),
                "output.path=" + folder.resolve("out"),
                "guard.url=" + server.url(),
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
        server.reply(GuardServer.says("\n\nsafe"));

        assertThat(judge("guard.model=guard-1")).isEqualTo(new Safe());

        JsonNode body = server.asked().get(0);
        assertThat(body.path("model").asText()).isEqualTo("guard-1");
        assertThat(body.path("messages").toString())
                .isEqualTo("[{\"role\":\"user\",\"content\":\"detect cat\"},{\"role\":\"assistant\",\"content\":\""
                        + CAT + "\"}]");
        assertThat(server.keys()).containsExactly("null");
    }

    @Test
    void unsafeNamesItsCategories() throws IOException {
        server.reply(GuardServer.says("unsafe\nS1,S10"));

        assertThat(judge()).isEqualTo(new Unsafe(List.of("S1", "S10")));
    }

    @Test
    void aTemplateIsOneMessageWhosePlacesAreFilledOnce() throws IOException {
        server.reply(GuardServer.says("safe"));
        DecodeConfig config = config("guard.template=Asked: {prompt} Written: {output}");

        new ContentGuard(config.guard(), name -> null).judge("say {output} $1", "{prompt}");

        assertThat(server.asked().get(0).path("messages").toString())
                .isEqualTo("[{\"role\":\"user\",\"content\":\"Asked: say {output} $1 Written: {prompt}\"}]");
    }

    @Test
    void tooManyRequestsWaitsAsLongAsTheServerAsks() throws IOException {
        server.reply((exchange, number) -> {
            exchange.getResponseHeaders().add("Retry-After", "1");
            GuardServer.send(exchange, number == 1 ? 429 : 200, GuardServer.completion("safe"));
        });
        long start = System.nanoTime();

        assertThat(judge()).isEqualTo(new Safe());

        assertThat(System.nanoTime() - start).isGreaterThan(1_000_000_000L);
        assertThat(server.asked()).hasSize(2);
    }

    @Test
    void aFailingServerIsAskedAgainUntilRetriesEnd() throws IOException {
        server.reply((exchange, number) ->
                GuardServer.send(exchange, number < 3 ? 500 : 200, GuardServer.completion("unsafe")));
        assertThat(judge("guard.retries=2")).isEqualTo(new Unsafe(List.of()));

        server.asked().clear();
        assertThat(judge("guard.retries=1")).isEqualTo(new Unavailable(Reason.STATUS, "HTTP 500"));
        assertThat(server.asked()).hasSize(2);
    }

    @Test
    void aRefusalIsNotAskedAgain() throws IOException {
        server.reply((exchange, number) -> GuardServer.send(exchange, 401, "secret"));

        assertThat(judge()).isEqualTo(new Unavailable(Reason.STATUS, "HTTP 401"));
        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void aBodyThatDripsTimesOut() throws IOException {
        server.reply((exchange, number) -> {
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < 200; i++) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                Thread.sleep(50);
            }
        });
        long start = System.nanoTime();

        assertThat(judge("guard.timeout=0.2", "guard.retries=1"))
                .isEqualTo(new Unavailable(Reason.TIMEOUT, "no whole answer within 0.2 s"));

        assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
    }

    @Test
    void whatIsNoCompletionOrNoVerdictIsUnavailable() throws IOException {
        server.reply((exchange, number) -> GuardServer.send(exchange, 200, "{\"choices\": ["));
        assertThat(judge()).extracting("reason").isEqualTo(Reason.RESPONSE_MALFORMED);
        server.reply((exchange, number) -> GuardServer.send(exchange, 200, "{\"choices\": \"none\"}"));
        assertThat(judge()).extracting("reason").isEqualTo(Reason.RESPONSE_MALFORMED);
        server.reply(GuardServer.says("I think it is safe"));
        assertThat(judge()).extracting("reason").isEqualTo(Reason.VERDICT_UNKNOWN);
        assertThat(server.asked()).hasSize(3);
    }

    @Test
    void aHugeBodyIsCutOff() throws IOException {
        server.reply((exchange, number) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < 1024; i++) {
                exchange.getResponseBody().write(block);
            }
        });

        assertThat(judge()).extracting("reason").isEqualTo(Reason.RESPONSE_TOO_LARGE);
    }

    @Test
    void anAbsentServerIsUnreachable() throws IOException {
        server.close();

        assertThat(judge("guard.retries=1")).extracting("reason").isEqualTo(Reason.UNREACHABLE);
    }

    @Test
    void requestsOfAllTasksKeepOnePace() throws IOException {
        server.reply(GuardServer.says("safe"));
        long start = System.nanoTime();
        for (int i = 0; i < 6; i++) {
            judge("guard.requests-per-second=20");
        }
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(250_000_000L);
    }

    @Test
    void theKeyIsSentAndAMissingOneIsNamedWithoutItsValue() throws IOException {
        server.reply(GuardServer.says("safe"));
        judge("guard.key-variable=GUARD_KEY");
        assertThat(server.keys()).containsExactly("Bearer secret-of-GUARD_KEY");

        assertThatThrownBy(() ->
                        new ContentGuard(config("guard.key-variable=GUARD_KEY").guard(), name -> "broken\nkey"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("GUARD_KEY")
                .hasMessageNotContaining("broken");
    }

    @Test
    void decodeWritesTheVerdictIntoEachLineAndCountsIt() throws IOException {
        answers("cat", "dog");
        server.reply((exchange, number) -> {
            String output = server.asked()
                    .get(number - 1)
                    .path("messages")
                    .path(1)
                    .path("content")
                    .asText();
            GuardServer.send(exchange, 200, GuardServer.completion(output.endsWith("dog") ? "unsafe\nS1,S10" : "safe"));
        });

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
        server.reply(GuardServer.says("unsafe\nS2"));

        GenerateResult result = GenerateJob.run(
                SparkFixture.session(),
                GenerateConfig.read(
                        Optional.empty(),
                        List.of(
                                "input.rows=" + folder.resolve("rows.jsonl"),
                                "input.images=src/main/resources/io/palispark/demo/images",
                                "output.path=" + folder.resolve("out"),
                                "gates.max-reject-ratio=1",
                                "guard.url=" + server.url())));

        assertThat(result.count("guard:unsafe")).isEqualTo(1);
        assertThat(server.asked())
                .singleElement()
                .satisfies(request -> assertThat(request.toString()).contains("detect apple", "<loc"));
        assertThat(lines())
                .extracting(line -> line.path("guard").path("verdict").asText())
                .containsExactlyInAnyOrder("unsafe", "");
    }

    @Test
    void withoutAVerdictLinesAreKeptOrRejectedAsSet() throws IOException {
        answers("cat");
        server.reply((exchange, number) -> GuardServer.send(exchange, 200, "no json"));

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
