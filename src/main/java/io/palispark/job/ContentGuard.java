package io.palispark.job;

import io.palispark.job.GuardVerdict.Reason;
import io.palispark.job.GuardVerdict.Unavailable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * Asks a content guard over HTTP, one request after the other. Whatever the server does ends in a verdict; only an
 * interrupted task is an exception. Redirects are not followed, so that the key goes nowhere else.
 */
final class ContentGuard {

    private static final int RESPONSE_BYTES = 64 << 10;
    private static final int OK = 200;
    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);
    private static final double LONGEST_PAUSE_SECONDS = 60;
    private static final double NANOSECONDS = 1e9;

    private final GuardSettings settings;
    private final GuardMessage message;
    private final RequestPace pace;
    private final HttpClient client;
    private final HttpRequest.Builder request;
    private final long timeout;

    /**
     * @param environment gives a variable's value or null
     * @throws IOException when the key's variable holds no key; its value is never part of a text
     */
    ContentGuard(GuardSettings settings, UnaryOperator<String> environment) throws IOException {
        this.settings = settings;
        this.message = new GuardMessage(settings);
        this.pace = RequestPace.of(settings.url(), settings.requestsPerSecond());
        this.timeout = nanoseconds(settings.timeoutSeconds());
        this.client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofNanos(timeout))
                .build();
        this.request = HttpRequest.newBuilder(URI.create(settings.url())).header("Content-Type", "application/json");
        if (settings.keyVariable() != null) {
            request.header("Authorization", "Bearer " + key(environment));
        }
    }

    private String key(UnaryOperator<String> environment) throws IOException {
        String key = environment.apply(settings.keyVariable());
        if (key == null || !key.matches("[\\x21-\\x7e]+")) {
            throw new IOException("Cannot ask the content guard: the environment variable " + settings.keyVariable()
                    + " holds no key of printable characters; set it for the executors or change guard.key-variable");
        }
        return key;
    }

    /** One request's end: its verdict, and whether and after how many seconds at least another may end better. */
    private record Attempt(GuardVerdict verdict, boolean passing, double pauseSeconds) {

        static Attempt last(GuardVerdict verdict) {
            return new Attempt(verdict, false, 0);
        }

        static Attempt passing(Reason reason, String detail) {
            return new Attempt(new Unavailable(reason, detail), true, 0);
        }
    }

    /**
     * The verdict on a prompt and what the model wrote.
     *
     * @throws InterruptedIOException when the task is cancelled
     */
    GuardVerdict judge(String prompt, String output) throws InterruptedIOException {
        HttpRequest asked = request.copy()
                .POST(BodyPublishers.ofString(message.request(prompt, output)))
                .build();
        try {
            Attempt attempt = attempt(asked);
            double backoff = settings.backoffSeconds();
            for (int retry = 0; attempt.passing() && retry < settings.retries(); retry++) {
                double pause = Math.min(LONGEST_PAUSE_SECONDS, Math.max(backoff, attempt.pauseSeconds()));
                TimeUnit.NANOSECONDS.sleep(nanoseconds(pause));
                backoff *= 2;
                attempt = attempt(asked);
            }
            return attempt.verdict();
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Cannot ask the content guard: the task was cancelled");
        }
    }

    private Attempt attempt(HttpRequest asked) throws InterruptedException {
        pace.await();
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(asked, response -> new CappedBody(RESPONSE_BYTES));
        try {
            return read(answer.get(timeout, TimeUnit.NANOSECONDS));
        } catch (TimeoutException late) {
            return Attempt.passing(Reason.TIMEOUT, "no whole answer within " + settings.timeoutSeconds() + " s");
        } catch (ExecutionException failed) {
            return failed(failed.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private static Attempt failed(Throwable cause) {
        for (Throwable link = cause; link != null; link = link.getCause()) {
            if (link instanceof CappedBody.TooLarge) {
                return Attempt.last(new Unavailable(Reason.RESPONSE_TOO_LARGE, link.getMessage()));
            }
        }
        return Attempt.passing(Reason.UNREACHABLE, String.valueOf(cause));
    }

    private Attempt read(HttpResponse<byte[]> response) {
        if (response.statusCode() == OK) {
            return Attempt.last(message.verdict(response.body()));
        }
        return new Attempt(
                new Unavailable(Reason.STATUS, "HTTP " + response.statusCode()),
                PASSING.contains(response.statusCode()),
                response.headers()
                        .firstValue("Retry-After")
                        .filter(value -> value.matches("\\d{1,9}"))
                        .map(Double::parseDouble)
                        .orElse(0.0));
    }

    private static long nanoseconds(double seconds) {
        return (long) (seconds * NANOSECONDS);
    }
}
