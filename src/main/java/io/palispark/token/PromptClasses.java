package io.palispark.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a detection or segmentation prompt asks for.
 *
 * @param task the prompt's first word
 * @param classes the names in the order asked; empty when any class may answer, as after {@code detect all classes}
 */
public record PromptClasses(Task task, List<String> classes) {

    private static final Pattern PROMPT = Pattern.compile("(detect|segment)\\s(.*)", Pattern.DOTALL);
    private static final List<String> MARKERS = List.of("<image>", "<bos>");
    private static final String OPEN = "all classes";

    /** The tasks whose answers carry locations. */
    public enum Task {
        DETECT,
        SEGMENT
    }

    public PromptClasses {
        classes = List.copyOf(classes);
    }

    /**
     * Reads {@code detect a ; b} and {@code segment a ; b} with any white space around the semicolons and at the ends,
     * also behind the processor's {@code <image>} and {@code <bos>} markers; empty for every other prompt.
     */
    public static Optional<PromptClasses> parse(String prefix) {
        Matcher matcher = PROMPT.matcher(withoutMarkers(prefix));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        List<String> classes = new ArrayList<>();
        for (String name : matcher.group(2).split(";")) {
            if (!name.isBlank()) {
                classes.add(name.strip());
            }
        }
        boolean open = classes.equals(List.of(OPEN));
        Task task = Task.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
        return Optional.of(new PromptClasses(task, open ? List.of() : classes));
    }

    /** The prompt as PaliGemma was trained on it, classes joined by {@code " ; "}, without the closing line break. */
    public String prefix() {
        String names = classes.isEmpty() ? OPEN : String.join(" ; ", classes);
        return task.name().toLowerCase(Locale.ROOT) + " " + names;
    }

    private static String withoutMarkers(String prefix) {
        String rest = prefix.strip();
        int at = 0;
        for (int marker = 0; marker < MARKERS.size(); ) {
            if (rest.startsWith(MARKERS.get(marker), at)) {
                at += MARKERS.get(marker).length();
            } else {
                marker++;
            }
        }
        return rest.substring(at).stripLeading();
    }
}
