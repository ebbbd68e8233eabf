package io.palispark.token;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every choice on which the meaning of a suffix depends. Tools disagree on most of them and their text does not tell,
 * so a manifest carries the convention and every reader of tokens compares it.
 *
 * <p>The rules that have a single member are named because other tools follow others: a manifest that names one of
 * those is refused instead of misread.
 *
 * @param bins what a fraction is multiplied with to give a bin, and a bin divided by to give a fraction
 * @param rounding how the product becomes a bin
 * @param range what becomes of bins beyond 0 to 1023
 * @param order what the four location tokens say, in which order
 * @param separator text between two objects
 * @param beforeSegments what stands between the location and the segmentation tokens
 * @param beforeLabel what stands between the last token and the label
 * @param crop which pixels the mask encoder sees
 * @param resize how the crop becomes the encoder's input
 * @param paste which pixels a decoded mask is pasted to
 */
public record Convention(
        Bins bins,
        Rounding rounding,
        Range range,
        BoxForm order,
        Separator separator,
        Gap beforeSegments,
        Gap beforeLabel,
        Crop crop,
        Resize resize,
        Paste paste)
        implements Serializable {

    /** What the training operation and the evaluator of big_vision do; objects and labels as on PaliGemma's model card. */
    public static final Convention BIG_VISION = new Convention(
            Bins.BY_1023,
            Rounding.HALF_EVEN_FLOAT32,
            Range.CLIPPED,
            BoxForm.YXYX,
            Separator.SPACED_SEMICOLON,
            Gap.NONE,
            Gap.SPACE,
            Crop.ROUNDED_FLOAT32,
            Resize.ANTIALIASED_BILINEAR_64_SOFT,
            Paste.FLOORED);

    /** A value of a convention as manifests and settings write it. */
    public interface Rule {

        String name();

        /** The kebab-case name, {@code half-even-float32}. */
        default String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** The number of steps that a full side is divided into. */
    public enum Bins implements Rule {
        /** big_vision: bin 1023 is the far edge. */
        BY_1023(1023),
        /** supervision, the Hugging Face demo, FiftyOne: the far edge is bin 1024, which no token has. */
        BY_1024(1024);

        private final int divisor;

        Bins(int divisor) {
            this.divisor = divisor;
        }

        public int divisor() {
            return divisor;
        }

        @Override
        public String key() {
            return Integer.toString(divisor);
        }
    }

    /** How fraction times divisor becomes a whole bin. */
    public enum Rounding implements Rule {
        /** big_vision: fraction and product in float32, ties to even. */
        HALF_EVEN_FLOAT32,
        /** Python's {@code round} on doubles. */
        HALF_EVEN,
        /** {@code floor(v + 0.5)} on doubles. */
        HALF_UP,
        /** Truncation on doubles, as the PyTorch port of the tokenizer does. */
        FLOOR
    }

    /** What becomes of a bin beyond the last token. */
    public enum Range implements Rule {
        /** Clipped to 0..1023, so {@code <loc1024>} cannot be written. */
        CLIPPED
    }

    /** Text between two objects. */
    public enum Separator implements Rule {
        SPACED_SEMICOLON(" ; "),
        SEMICOLON(";"),
        SEMICOLON_SPACE("; "),
        SPACE_SEMICOLON(" ;");

        private final String text;

        Separator(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /** Text between two parts of an object. */
    public enum Gap implements Rule {
        NONE(""),
        SPACE(" ");

        private final String text;

        Gap(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /** The pixels that the mask encoder sees. */
    public enum Crop implements Rule {
        /**
         * Edges rounded half to even in float32 (big_vision), then cut at the image. The cut is ours: the official
         * operation lets a negative start count from the far side.
         */
        ROUNDED_FLOAT32
    }

    /** How the cropped mask becomes the encoder's input. */
    public enum Resize implements Rule {
        /** To 64 x 64 by the triangle filter widened on reduction; values stay between 0 and 1, no threshold. */
        ANTIALIASED_BILINEAR_64_SOFT
    }

    /** The pixel edges between which a decoded mask is pasted, from {@code bin / divisor * side} in double. */
    public enum Paste implements Rule {
        /** Truncated, as big_vision's evaluator does; half a pixel up and left of the encoder's crop on average. */
        FLOORED,
        /** Rounded half to even: meets the encoder's crop best. */
        ROUNDED,
        /** Start floored and end rounded up: never loses a row or column that the box touches. */
        OUTWARD
    }

    /** The rules by their setting keys, in a fixed order. */
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        for (Setting setting : Setting.values()) {
            map.put(setting.key(), setting.value.apply(this).key());
        }
        return map;
    }

    /** {@code key=value} pairs joined by commas, in a fixed order; equal conventions have equal text. */
    public String text() {
        return toMap().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    /** This convention with the named rules replaced; unknown keys and values are all listed as problems. */
    public Reading with(Map<String, String> settings) {
        List<String> problems = new ArrayList<>();
        Map<String, String> merged = toMap();
        settings.forEach((key, value) -> {
            if (merged.containsKey(key)) {
                merged.put(key, value);
            } else {
                problems.add("convention." + key + " is not a setting; it is one of " + merged.keySet());
            }
        });
        Convention convention = new Convention(
                chosen(Setting.BINS, Bins.values(), merged, problems, bins),
                chosen(Setting.ROUNDING, Rounding.values(), merged, problems, rounding),
                chosen(Setting.RANGE, Range.values(), merged, problems, range),
                chosen(Setting.ORDER, BoxForm.values(), merged, problems, order),
                chosen(Setting.SEPARATOR, Separator.values(), merged, problems, separator),
                chosen(Setting.BEFORE_SEGMENTS, Gap.values(), merged, problems, beforeSegments),
                chosen(Setting.BEFORE_LABEL, Gap.values(), merged, problems, beforeLabel),
                chosen(Setting.CROP, Crop.values(), merged, problems, crop),
                chosen(Setting.RESIZE, Resize.values(), merged, problems, resize),
                chosen(Setting.PASTE, Paste.values(), merged, problems, paste));
        return new Reading(convention, List.copyOf(problems));
    }

    /** A full convention as a manifest carries it: every key must be there. */
    public static Reading parse(Map<String, String> settings) {
        Reading reading = BIG_VISION.with(settings);
        List<String> problems = new ArrayList<>(reading.problems());
        for (Setting setting : Setting.values()) {
            if (!settings.containsKey(setting.key())) {
                problems.add("convention." + setting.key() + " is missing");
            }
        }
        return new Reading(reading.convention(), List.copyOf(problems));
    }

    /** One line for each rule that differs, {@code paste: floored here, rounded there}; empty when equal. */
    public List<String> differencesTo(Convention other) {
        List<String> differences = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            Rule here = setting.value.apply(this);
            Rule there = setting.value.apply(other);
            if (here != there) {
                differences.add(setting.key() + ": " + here.key() + " here, " + there.key() + " there");
            }
        }
        return differences;
    }

    /**
     * A convention read from settings.
     *
     * @param convention the rules that could be read; where one could not, the rule it started from
     * @param problems one sentence for each unknown key or value; empty when all is well
     */
    public record Reading(Convention convention, List<String> problems) {

        /** The convention, or an {@link IllegalArgumentException} that lists every problem. */
        public Convention orElseThrow() {
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException("Cannot read the convention: " + String.join("; ", problems));
            }
            return convention;
        }
    }

    private enum Setting implements Rule {
        BINS(Convention::bins),
        ROUNDING(Convention::rounding),
        RANGE(Convention::range),
        ORDER(Convention::order),
        SEPARATOR(Convention::separator),
        BEFORE_SEGMENTS(Convention::beforeSegments),
        BEFORE_LABEL(Convention::beforeLabel),
        CROP(Convention::crop),
        RESIZE(Convention::resize),
        PASTE(Convention::paste);

        private final Function<Convention, Rule> value;

        Setting(Function<Convention, Rule> value) {
            this.value = value;
        }
    }

    private static <R extends Rule> R chosen(
            Setting setting, R[] rules, Map<String, String> settings, List<String> problems, R start) {
        String wanted = settings.get(setting.key());
        for (R rule : rules) {
            if (rule.key().equals(wanted)) {
                return rule;
            }
        }
        String known = Arrays.stream(rules).map(Rule::key).collect(Collectors.joining(", "));
        problems.add("convention." + setting.key() + " = " + wanted + " is unknown; it is one of " + known);
        return start;
    }
}
