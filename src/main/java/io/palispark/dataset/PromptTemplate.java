package io.palispark.dataset;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a prompt with places left open, {@code detect {classes}}.
 *
 * @param text one line, without the line end that a trainer puts behind a prompt
 */
public record PromptTemplate(String text) implements Serializable {

    private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern TOKEN = Pattern.compile("<(?:loc|seg|bos|eos|pad|unk|image)[^>]*>");

    /** The text with every place filled; what is filled in is not read as places again. */
    public String fill(Map<String, String> values) {
        return PLACE.matcher(text)
                .replaceAll(place -> Matcher.quoteReplacement(values.getOrDefault(place.group(1), place.group())));
    }

    /** Whether a place of this name is left open. */
    public boolean has(String place) {
        return text.contains("{" + place + "}");
    }

    /** What is wrong with it as a prompt of a task, a sentence each; empty when nothing is. */
    public List<String> problems(Task task) {
        List<String> problems = new ArrayList<>();
        Set<String> known = task.places();
        Set<String> found = new TreeSet<>();
        Matcher places = PLACE.matcher(text);
        while (places.find()) {
            found.add(places.group(1));
        }
        for (String place : found) {
            if (!known.contains(place)) {
                problems.add("'" + text + "' has {" + place + "}, which is no place of a " + name(task)
                        + " prompt; these are: " + new TreeSet<>(known));
            }
        }
        for (String place : task.neededPlaces()) {
            if (!found.contains(place)) {
                problems.add("'" + text + "' lacks {" + place + "}");
            }
        }
        if (text.isBlank() || !text.equals(text.strip())) {
            problems.add("'" + text + "' is blank or has white space around it");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            problems.add("'" + text.replaceAll("\\p{Cntrl}", "?") + "' has a line end or another control character");
        }
        if (TOKEN.matcher(text).find()) {
            problems.add("'" + text + "' holds a special token");
        }
        return problems;
    }

    private static String name(Task task) {
        return task.name().toLowerCase(java.util.Locale.ROOT);
    }
}
