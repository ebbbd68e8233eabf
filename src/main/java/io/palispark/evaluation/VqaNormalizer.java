package io.palispark.evaluation;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The answer normalisation of VQA v2 with its known quirks kept (GT-Vision-Lab/VQA, {@code vqaEval.py}; big_vision,
 * {@code transfers/vqav2.py}): whether a mark becomes a blank or nothing is decided on the text as given, digits around
 * one comma delete every mark, and a full stop goes unless a digit follows.
 */
public final class VqaNormalizer {

    private static final String MARKS = ";/[]\"{}()=+\\_-><@`,?!";
    private static final Set<String> ARTICLES = Set.of("a", "an", "the");
    private static final List<String> NUMBERS =
            List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten");

    /** Contractions that are recognised when one of their apostrophes is missing. */
    private static final String CONTRACTIONS = """
            ain't aren't can't could've couldn't couldn't've didn't doesn't don't hadn't hadn't've hasn't haven't
            he'd he'd've he's how'd how'll how's isn't it'd it'd've it'll ma'am might've mightn't mightn't've must've
            mustn't needn't not've o'clock oughtn't 'ow's'at shan't she'd've should've shouldn't shouldn't've
            somebody'd've somebody'll somebody's someone'd someone'd've someone'll someone's something'd
            something'd've something'll that's there'd there'd've there're there's they'd they'd've they'll they're
            they've 'twas wasn't we'd've we've weren't what'll what're what's what've when's where'd where's where've
            who'd who'd've who'll who's who've why'll why're why's won't would've wouldn't wouldn't've y'all
            y'all'd've y'all'll you'd you'd've you'll you're you've
            """;

    private static final Map<String, String> REPLACEMENTS = replacements();
    private static final Pattern DIGIT_COMMA = Pattern.compile("\\d,\\d", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern FULL_STOP = Pattern.compile("\\.(?!\\d)", Pattern.UNICODE_CHARACTER_CLASS);

    private final VqaRules rules;

    public VqaNormalizer(VqaRules rules) {
        this.rules = rules;
    }

    /** Line breaks and tabs as blanks, none at the ends; what is compared when all annotators agree. */
    public static String stripped(String answer) {
        return PythonText.strip(answer.replace('\n', ' ').replace('\t', ' '));
    }

    /** The fully normalised answer. */
    public String normalized(String answer) {
        String text = withoutFullStops(withoutMarks(stripped(answer)));
        StringBuilder normalized = new StringBuilder();
        for (String word : PythonText.words(text.toLowerCase(Locale.ROOT))) {
            if (!ARTICLES.contains(word)) {
                normalized.append(normalized.isEmpty() ? "" : " ").append(REPLACEMENTS.getOrDefault(word, word));
            }
        }
        return normalized.toString();
    }

    private static String withoutMarks(String given) {
        boolean deletesAll = DIGIT_COMMA.matcher(given).find();
        String text = given;
        for (int index = 0; index < MARKS.length(); index++) {
            String mark = MARKS.substring(index, index + 1);
            boolean deletes = deletesAll || given.contains(mark + " ") || given.contains(" " + mark);
            text = text.replace(mark, deletes ? "" : " ");
        }
        return text;
    }

    private String withoutFullStops(String text) {
        Matcher stops = FULL_STOP.matcher(text);
        StringBuilder kept = new StringBuilder();
        int from = 0;
        for (int deleted = 0; deleted < rules.fullStops() && stops.find(); deleted++) {
            kept.append(text, from, stops.start());
            from = stops.end();
        }
        return kept.append(text, from, text.length()).toString();
    }

    private static Map<String, String> replacements() {
        Map<String, String> replacements = new HashMap<>();
        for (String contraction : PythonText.words(CONTRACTIONS)) {
            for (int at = contraction.indexOf('\''); at >= 0; at = contraction.indexOf('\'', at + 1)) {
                replacements.put(contraction.substring(0, at) + contraction.substring(at + 1), contraction);
            }
        }
        replacements.put("somebody'd", "somebodyd"); // the table's own slip
        for (int number = 0; number < NUMBERS.size(); number++) {
            replacements.put(NUMBERS.get(number), Integer.toString(number));
        }
        replacements.put("none", "0");
        return Map.copyOf(replacements);
    }
}
