package io.palispark.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Captions to tokens as COCO's caption evaluation sees them: Penn Treebank rules, lower case, without punctuation. Written
 * after the behaviour of CoreNLP 3.4.1 as pycocoevalcap calls it, for what captions hold: contractions, possessives,
 * abbreviations, numbers, currency, hyphens, slashes, tags and addresses. Brackets stay, as {@code -lrb-}, because the
 * reference lower-cases before it removes them. Signs beyond the Latin blocks that are neither letter nor digit, such as
 * emoji, are left out as the reference leaves them out.
 */
public final class CaptionTokenizer {

    private static final Set<String> PUNCTUATION =
            Set.of("''", "'", "``", "`", "\"", ".", "?", "!", ",", ":", "-", "--", "...", ";");
    private static final Map<String, String> WRITTEN_OUT = Map.ofEntries(
            Map.entry("(", "-lrb-"),
            Map.entry(")", "-rrb-"),
            Map.entry("[", "-lsb-"),
            Map.entry("]", "-rsb-"),
            Map.entry("{", "-lcb-"),
            Map.entry("}", "-rcb-"),
            Map.entry("£", "#"),
            Map.entry("€", "$"),
            Map.entry("¢", "cents"),
            Map.entry("½", "1/2"),
            Map.entry("¼", "1/4"),
            Map.entry("¾", "3/4"),
            Map.entry("⅓", "1/3"),
            Map.entry("⅔", "2/3"));

    private static final String END = "(?![\\p{L}\\p{Nd}])";
    private static final String ALPHANUMERIC = "[\\p{L}\\p{M}\\p{Nd}_]+";
    private static final String SLASHED = "[A-Za-z0-9]+(?:-[A-Za-z]+){0,2}";

    /** In order: the first that fits where the last token ended wins; its groups, or else all of it, are the tokens. */
    private static final List<Pattern> RULES = List.of(
            rule("(?i:https?)://[^\\s<>\"|()]*[^\\s<>\"|.!?(){},-]"),
            rule("[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+"),
            rule("</?[A-Za-z][A-Za-z0-9]*/?>"),
            rule("[#@]\\p{L}" + ALPHANUMERIC),
            rule("((?i:can))((?i:not))" + END),
            rule("((?i:gon|wan))((?i:na))" + END),
            rule("((?i:got))((?i:ta))" + END),
            rule("((?i:gim|lem))((?i:me))" + END),
            rule("('[tT])((?i:is|was))" + END),
            rule("[A-Za-z](?:\\.[A-Za-z])+\\.?" + END),
            rule("(?i:no)\\.(?=\\s?\\d)"),
            rule("(?:Mrs?|Ms|Drs?|Prof|Sen|Rep|Lt|Col|Gen|Gov|Rev|Maj|Sgt|Capt|Ste?|Ave|Pres|Hon|Jr|Sr|Inc|Co|Corp|Ltd"
                    + "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|[Vv]s|[Ee]tc)\\."),
            rule("[A-Za-z]\\+\\+" + END),
            rule(SLASHED + "(?:/" + SLASHED + "){1,2}" + END),
            rule("[A-Z]+(?:[+&][A-Z]+)+" + END),
            rule("[dDoOlL]'\\p{L}+" + END),
            rule("'n'|'\\d0s" + END + "|'(?i:em|till?)" + END),
            rule("[yY]'(?=\\p{L})"),
            rule("\\p{L}+[aeiouyAEIOUY]'[aeiouA-Z]\\p{L}*" + END),
            rule("(\\p{L}+?)((?i:n't))" + END),
            rule("'(?i:[msd]|re|ve|ll)" + END),
            rule(
                    "(?<![\\p{L}\\p{Nd}])[+-]?(?:\\p{Nd}*(?:[.,:]\\p{Nd}+)+|\\p{Nd}+)(?![\\p{L}\\p{Nd}]|-[\\p{L}\\p{Nd}])"),
            rule(ALPHANUMERIC + "(?:-" + ALPHANUMERIC + ")*"),
            rule("\\.{3,}|[?!]+|-+|''|``"),
            rule("."));

    private CaptionTokenizer() {}

    /** The tokens of one caption. Every line break counts as a blank, so captions cannot shift against each other. */
    public static List<String> tokens(String caption) {
        String text = plainQuotes(caption);
        List<String> tokens = new ArrayList<>();
        int position = 0;
        while (position < text.length()) {
            if (PythonText.isSpace(text.charAt(position))) {
                position++;
            } else {
                position = take(text, position, tokens);
            }
        }
        return List.copyOf(tokens);
    }

    private static int take(String text, int position, List<String> tokens) {
        for (Pattern rule : RULES) {
            Matcher matcher = rule.matcher(text).region(position, text.length());
            matcher.useTransparentBounds(true);
            if (matcher.lookingAt()) {
                for (int group = Math.min(1, matcher.groupCount()); group <= matcher.groupCount(); group++) {
                    keep(matcher.group(group), tokens);
                }
                return matcher.end();
            }
        }
        throw new IllegalStateException("Cannot tokenize '" + text + "' at " + position + ": no rule fits");
    }

    private static void keep(String token, List<String> tokens) {
        String written = WRITTEN_OUT.getOrDefault(token, token).toLowerCase(Locale.ROOT);
        if (!PUNCTUATION.contains(written) && !isForeignSign(written)) {
            tokens.add(written);
        }
    }

    private static boolean isForeignSign(String token) {
        int first = token.codePointAt(0);
        return first > 0x2000 && !Character.isLetterOrDigit(first);
    }

    private static String plainQuotes(String caption) {
        return caption.replace('‘', '\'')
                .replace('’', '\'')
                .replace('“', '"')
                .replace('”', '"')
                .replace("–", "--")
                .replace("—", "--")
                .replace("…", "...");
    }

    private static Pattern rule(String expression) {
        return Pattern.compile(expression, Pattern.DOTALL);
    }
}
