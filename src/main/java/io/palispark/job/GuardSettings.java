package io.palispark.job;

import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * How a content guard is asked: the section {@code guard} of {@code decode.conf} and {@code generate.conf}.
 *
 * @param url of the chat-completions endpoint
 * @param template of a single message, with {@code {prompt}} and {@code {output}}; null sends a conversation
 * @param timeoutSeconds for one request with its whole response
 * @param retries after the first request
 * @param backoffSeconds before the first retry; doubles each time
 * @param requestsPerSecond of one executor
 * @param keyVariable environment variable with the key; null for none
 */
record GuardSettings(
        String url,
        String model,
        String template,
        double timeoutSeconds,
        int retries,
        double backoffSeconds,
        double requestsPerSecond,
        OnUnavailable onUnavailable,
        String keyVariable)
        implements Serializable {

    private static final String NONE = "none";

    /** What becomes of a prediction without a verdict. */
    enum OnUnavailable {
        KEEP,
        REJECT
    }

    /** The guard, where {@code guard.url} names one. */
    static Optional<GuardSettings> read(Settings settings) {
        GuardSettings guard = new GuardSettings(
                settings.text("guard.url"),
                settings.text("guard.model"),
                optional(settings.text("guard.template")),
                settings.number("guard.timeout", 0.01, 3600),
                settings.wholeNumber("guard.retries", 0, 20),
                settings.number("guard.backoff", 0, 60),
                settings.number("guard.requests-per-second", 0.001, 100_000),
                settings.choice("guard.on-unavailable", OnUnavailable.class),
                optional(settings.text("guard.key-variable")));
        if (guard.url().equals(NONE)) {
            return Optional.empty();
        }
        guard.check(settings);
        return Optional.of(guard);
    }

    private static String optional(String text) {
        return text.equals(NONE) ? null : text;
    }

    private void check(Settings settings) {
        try {
            URI uri = new URI(url);
            boolean isHttp = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (!isHttp || uri.getHost() == null) {
                settings.problem("guard.url", "'" + url + "' is no http or https address");
            }
            if (uri.getUserInfo() != null || uri.getQuery() != null) {
                settings.problem(
                        "guard.url",
                        "must not hold a user or a query: a key belongs into guard.key-variable's variable");
            }
        } catch (URISyntaxException invalid) {
            settings.problem("guard.url", invalid.getReason());
        }
        if (template != null && !template.contains(GuardMessage.OUTPUT)) {
            settings.problem("guard.template", "must contain " + GuardMessage.OUTPUT);
        }
    }
}
