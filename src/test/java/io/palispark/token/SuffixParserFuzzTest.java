package io.palispark.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Random and mutated suffixes; {@code -Dfuzz.count} sets how many. */
class SuffixParserFuzzTest {

    private static final int COUNT = Integer.getInteger("fuzz.count", 20_000);

    /** An independent statement of what counts as a token: an opening with digits, closed or not, or cut by the end. */
    private static final Pattern TOKEN = Pattern.compile("<(?:loc|seg)(?:\\d+>?|>|\\z)");

    private static final List<String> PIECES = List.of(
            "<loc0000>",
            "<loc0512>",
            "<loc1023>",
            "<loc1024>",
            "<loc9999>",
            "<loc12>",
            "<loc>",
            "<loc",
            "<loc01",
            "<seg000>",
            "<seg127>",
            "<seg128>",
            "<seg1>",
            "<seg",
            "<eos>",
            "<pad>",
            "<bos>",
            " ",
            " ; ",
            ";",
            "\n",
            ",",
            "cat",
            "hot dog",
            "<",
            ">",
            "é",
            "😀",
            "\ud83d",
            "\u0000",
            "1",
            "<<loc0001>>",
            "<image>",
            "\t");

    @Test
    void everyTokenOfEveryTextEndsInAnObjectOrADefect() {
        Random random = new Random(20_261_124);
        PromptClasses asked = PromptClasses.parse("segment cat ; hot dog").orElseThrow();
        long objects = 0;
        long defects = 0;
        for (int i = 0; i < COUNT; i++) {
            String text = random.nextBoolean() ? pieces(random) : mutated(random);
            ParsedSuffix parsed = random.nextBoolean() ? SuffixParser.parse(text) : SuffixParser.parse(text, asked);
            if (parsed.tokens() != tokens(text)) {
                assertThat(parsed.tokens()).as(text).isEqualTo(tokens(text));
            }
            for (SuffixDefect defect : parsed.defects()) {
                if (defect.at() < 0
                        || !text.startsWith(defect.detail(), defect.at())
                        || defect.detail().length() > 80) {
                    assertThat(defect).as(text).isNull();
                }
            }
            objects += parsed.objects().size();
            defects += parsed.defects().size();
        }
        assertThat(objects).isGreaterThan(COUNT);
        assertThat(defects).isGreaterThan(COUNT);
    }

    @Test
    void timeGrowsWithTheLengthOfHostileText() {
        for (String piece : List.of(
                "<",
                "<loc",
                "<loc0",
                ";",
                "a ",
                "<seg001>",
                "<loc0001>",
                "<loc0001><loc0002><loc0003><loc0004>x",
                "\n",
                "<eos>",
                "1")) {
            String text = piece.repeat(2_000_000 / piece.length());
            long start = System.nanoTime();
            ParsedSuffix parsed = SuffixParser.parse(text);
            assertThat(System.nanoTime() - start).as(piece).isLessThan(10_000_000_000L);
            assertThat(parsed.tokens()).as(piece).isEqualTo(tokens(text));
        }
    }

    private static int tokens(String text) {
        Matcher matcher = TOKEN.matcher(text);
        int count = 0;
        while (matcher.find()) {
            count++;
        }
        return count;
    }

    private static String pieces(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            String piece = PIECES.get(random.nextInt(PIECES.size()));
            text.append(piece.repeat(1 + random.nextInt(random.nextInt(8) == 0 ? 17 : 4)));
        }
        return text.toString();
    }

    private static String mutated(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            for (int loc = 0; loc < 4; loc++) {
                text.append(TokenVocabulary.location(random.nextInt(1024)));
            }
            for (int seg = random.nextBoolean() ? 16 : 0; seg > 0; seg--) {
                text.append(TokenVocabulary.segment(random.nextInt(128)));
            }
            text.append(i > 1 ? " cat ; " : " hot dog");
        }
        for (int i = random.nextInt(6); i > 0 && !text.isEmpty(); i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 2 -> text.setCharAt(at, (char) random.nextInt(128));
                default -> text.setLength(at);
            }
        }
        return text.toString();
    }
}
