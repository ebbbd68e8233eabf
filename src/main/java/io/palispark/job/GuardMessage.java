package io.palispark.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.job.GuardVerdict.Reason;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JSON of a content guard: a chat completion of OpenAI's form, asked with temperature 0, whose content is {@code
 * safe}, or {@code unsafe} and on the next line categories with commas between, as Llama Guard answers.
 */
final class GuardMessage {

    static final String PROMPT = "{prompt}";
    static final String OUTPUT = "{output}";

    private static final Pattern PLACES = Pattern.compile(Pattern.quote(PROMPT) + "|" + Pattern.quote(OUTPUT));
    private static final int MOST_CATEGORIES = 32;
    private static final int LONGEST_CATEGORY = 64;
    private static final int LONGEST_VERDICT_TOKENS = 64;

    private final ObjectMapper json = new ObjectMapper();
    private final GuardSettings settings;

    GuardMessage(GuardSettings settings) {
        this.settings = settings;
    }

    /** The request's body: prompt and output as turns of user and assistant, or both in the template as the user's. */
    String request(String prompt, String output) {
        ObjectNode body = json.createObjectNode().put("model", settings.model());
        body.put("temperature", 0).put("max_tokens", LONGEST_VERDICT_TOKENS);
        ArrayNode messages = body.putArray("messages");
        if (settings.template() == null) {
            messages.addObject().put("role", "user").put("content", prompt);
            messages.addObject().put("role", "assistant").put("content", output);
        } else {
            messages.addObject().put("role", "user").put("content", filled(settings.template(), prompt, output));
        }
        return body.toString();
    }

    /** In one pass: a prompt that holds a place's name stays as it is. */
    private static String filled(String template, String prompt, String output) {
        return PLACES.matcher(template)
                .replaceAll(place -> Matcher.quoteReplacement(place.group().equals(PROMPT) ? prompt : output));
    }

    GuardVerdict verdict(byte[] response) {
        JsonNode content;
        try {
            content = json.readTree(response)
                    .path("choices")
                    .path(0)
                    .path("message")
                    .path("content");
        } catch (JsonProcessingException malformed) {
            return new GuardVerdict.Unavailable(Reason.RESPONSE_MALFORMED, malformed.getOriginalMessage());
        } catch (IOException unreadable) {
            return new GuardVerdict.Unavailable(Reason.RESPONSE_MALFORMED, unreadable.getMessage());
        }
        return content.isTextual()
                ? verdict(content.textValue().strip())
                : new GuardVerdict.Unavailable(Reason.RESPONSE_MALFORMED, "choices[0].message.content is no text");
    }

    private static GuardVerdict verdict(String content) {
        String[] lines = content.split("\\R", 2);
        String word = lines[0].strip().toLowerCase(Locale.ROOT);
        if (word.equals("unsafe")) {
            return new GuardVerdict.Unsafe(lines.length == 1 ? List.of() : categories(lines[1]));
        }
        return word.equals("safe") && lines.length == 1
                ? new GuardVerdict.Safe()
                : new GuardVerdict.Unavailable(Reason.VERDICT_UNKNOWN, "the guard wrote: " + cut(content, 200));
    }

    private static List<String> categories(String text) {
        return Arrays.stream(text.split("[,\\r\\n]+"))
                .map(String::strip)
                .filter(category -> !category.isEmpty())
                .map(category -> cut(category, LONGEST_CATEGORY))
                .limit(MOST_CATEGORIES)
                .toList();
    }

    private static String cut(String text, int most) {
        return text.substring(0, Math.min(most, text.length()));
    }
}
