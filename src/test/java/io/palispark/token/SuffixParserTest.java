package io.palispark.token;

import static io.palispark.token.SuffixDefectCode.LOCATION_OUT_OF_RANGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SuffixParserTest {

    private static final LocationBins A = new LocationBins(1, 2, 300, 400);
    private static final LocationBins B = new LocationBins(5, 6, 700, 800);
    private static final SegmentationCodes MASK =
            SegmentationCodes.of(IntStream.range(0, 16).toArray());
    private static final String BOX = A.text();
    private static final String OTHER = B.text();
    private static final String SEGMENTS = MASK.text();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%s cat ; %s dog", "%s cat;%s dog", "%s cat; %s dog", "%s cat ;%s dog", "%scat ; %sdog",
                "%s  cat\n%s dog", "%s cat\r\n%s dog\n", " %s cat ; %s dog ;", "; %s cat ; ; %s dog",
                        "<bos>%s cat ; %s dog<eos><pad><pad>"
            })
    void everySpellingOfTwoObjectsGivesTheTwo(String spelling) {
        ParsedSuffix parsed = SuffixParser.parse(spelling.formatted(BOX, OTHER));
        assertThat(parsed.objects()).containsExactly(plain(A, "cat"), plain(B, "dog"));
        assertThat(parsed.defects()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s%s cat", "%s %s cat", "%s%scat"})
    void segmentsStandWithOrWithoutABlank(String spelling) {
        String text = spelling.formatted(BOX, SEGMENTS);
        assertThat(clean(text)).containsExactly(masked(A, "cat"));
    }

    @Test
    void theReferringSpellingHasNoLabel() {
        assertThat(clean(BOX + SEGMENTS)).containsExactly(masked(A, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "traffic light",
                "men's shoe",
                "salt & pepper",
                "café",
                "a/b",
                "cat (black)",
                "U.S. flag.",
                "<3 heart",
                "9",
                "猫",
                "x < y > z"
            })
    void labelsKeepTheirWordsAndPunctuation(String label) {
        assertThat(clean(BOX + " " + label + " ; " + OTHER + " dog")).containsExactly(plain(A, label), plain(B, "dog"));
    }

    @Test
    void missingAndExtraLocationsDropTheObjectOnly() {
        String three = BOX.substring(9);
        assertThat(read(three + " cat ; " + OTHER + " dog")).isEqualTo("[dog] locations-missing@0#3");
        assertThat(read(three + BOX.substring(18) + " cat ; " + OTHER + " dog")).isEqualTo("[dog] locations-extra@0#5");
        assertThat(read(three + SEGMENTS + " cat ; " + OTHER + " dog"))
                .isEqualTo("[dog] locations-missing@0#3 segments-without-box@27#16");
    }

    @Test
    void locationsOutsideTheVocabularyAreNamed() {
        assertThat(read("<loc0001><loc1025><loc0003><loc0004> cat")).isEqualTo("[] location-out-of-range@0#4");
        assertThat(read("<loc1><loc0002><loc0003><loc0004> cat")).isEqualTo("[] location-malformed@0#4");
        assertThat(read("<loc00001><loc0002><loc0003><loc0004> cat")).isEqualTo("[] location-malformed@0#4");
    }

    @Test
    void theFarEdgeOfWritersWithoutAClipIsReadAsTheLastBin() {
        ParsedSuffix parsed = SuffixParser.parse("<loc0000><loc0000><loc1024><loc1024> cat");
        assertThat(parsed.objects()).containsExactly(plain(new LocationBins(0, 0, 1023, 1023), "cat"));
        assertThat(parsed.defects())
                .extracting(SuffixDefect::code, SuffixDefect::at)
                .containsExactly(tuple(LOCATION_OUT_OF_RANGE, 18), tuple(LOCATION_OUT_OF_RANGE, 27));
    }

    @Test
    void cutSegmentRunsKeepTheBox() {
        String fifteen = SEGMENTS.substring(8);
        assertThat(read(BOX + fifteen + " cat ; " + OTHER + " dog")).isEqualTo("[cat, dog] segments-missing@36#15");
        assertThat(SuffixParser.parse(BOX + fifteen + " cat").objects()).containsExactly(plain(A, "cat"));
        assertThat(read(BOX + SEGMENTS.replace("<seg003>", "<seg128>") + " cat"))
                .isEqualTo("[cat] segment-out-of-range@36#16");
        assertThat(read(BOX + SEGMENTS.replace("<seg003>", "<seg03>") + " cat"))
                .isEqualTo("[cat] segment-malformed@36#16");
    }

    @Test
    void extraSegmentsAreLeftOverAndTheFirst16AreTheMask() {
        ParsedSuffix parsed = SuffixParser.parse(BOX + SEGMENTS + "<seg099><seg999> cat");
        assertThat(parsed.objects()).containsExactly(masked(A, "cat"));
        assertThat(codes(parsed)).isEqualTo("segments-extra@164#2");
        assertThat(read(BOX + SEGMENTS + " cat " + SEGMENTS + " dog"))
                .isEqualTo("[cat] segments-extra@169#16 stray-text@298");
    }

    @Test
    void segmentsWithoutABoxOrBehindTheLabelAreNamed() {
        assertThat(read(SEGMENTS + " cat ; " + OTHER + " dog"))
                .isEqualTo("[dog] segments-without-box@0#16 stray-text@129");
        ParsedSuffix parsed = SuffixParser.parse(BOX + " cat " + SEGMENTS);
        assertThat(parsed.objects()).containsExactly(masked(A, "cat"));
        assertThat(codes(parsed)).isEqualTo("segments-after-label@41");
    }

    @Test
    void aTextThatEndsInsideItsLastObjectIsTruncated() {
        String whole = OTHER + " dog ; ";
        assertThat(read(whole + BOX.substring(0, 18))).isEqualTo("[dog] truncated@43#2");
        assertThat(read(whole + BOX.substring(0, 22))).isEqualTo("[dog] truncated@43#3");
        assertThat(read(whole + BOX + SEGMENTS.substring(0, 80))).isEqualTo("[dog, ] truncated@79#10");
        assertThat(read(whole + BOX + SEGMENTS.substring(0, 84))).isEqualTo("[dog, ] truncated@79#11");
    }

    @Test
    void objectsWithoutASeparatorAreStillTwo() {
        assertThat(read(BOX + " cat " + OTHER + " dog")).isEqualTo("[cat, dog] separator-missing@41");
        assertThat(read(BOX + " cat , " + OTHER + " dog")).isEqualTo("[cat, dog] separator-missing@43");
        assertThat(read(BOX + OTHER + " dog")).isEqualTo("[, dog] separator-missing@36");
        assertThat(read(BOX + SEGMENTS + OTHER + SEGMENTS)).isEqualTo("[, ] separator-missing@164");
    }

    @Test
    void aLabelBeforeItsBoxIsTakenWhereOnlyOneBoxFollows() {
        assertThat(read("cat " + BOX + " ; dog " + OTHER))
                .isEqualTo("[cat, dog] label-before-box@0 label-before-box@43");
        assertThat(read("so " + BOX + " cat")).isEqualTo("[cat] stray-text@0");
    }

    @Test
    void textThatBelongsToNoObjectIsNamed() {
        assertThat(read("the quick brown fox")).isEqualTo("[] stray-text@0");
        assertThat(read("detect cat\n" + BOX + " cat")).isEqualTo("[cat] stray-text@0");
        assertThat(read(BOX + " cat ; and then ; " + OTHER + " dog")).isEqualTo("[cat, dog] stray-text@43");
        assertThat(read("")).isEqualTo("[] ");
        assertThat(read(" \n;; ")).isEqualTo("[] ");
    }

    @Test
    void whatFollowsTheEndTokenIsReadAndNamed() {
        assertThat(read(BOX + " cat<eos>" + OTHER + " dog<pad>")).isEqualTo("[cat, dog] after-end@45");
    }

    @Test
    void cornersAreKeptAsWritten() {
        ParsedSuffix reversed = SuffixParser.parse("<loc0300><loc0002><loc0001><loc0400> cat");
        assertThat(reversed.objects()).containsExactly(plain(new LocationBins(300, 2, 1, 400), "cat"));
        assertThat(codes(reversed)).isEqualTo("box-reversed@0");
        assertThat(read("<loc0003><loc0002><loc0003><loc0400> cat")).isEqualTo("[cat] box-empty@0");
    }

    @Test
    void repeatsAreKeptAndNamed() {
        assertThat(read(BOX + " cat ; " + OTHER + " cat ; " + BOX + " cat"))
                .isEqualTo("[cat, cat, cat] object-repeated@86");
    }

    @Test
    void answersAreComparedWithWhatWasAsked() {
        PromptClasses asked = PromptClasses.parse("segment cat ; hot dog\n").orElseThrow();
        assertThat(asked.classes()).containsExactly("cat", "hot dog");
        String text = BOX + SEGMENTS + " hot dog ; " + OTHER + " Cat ; " + BOX + SEGMENTS;
        assertThat(codes(SuffixParser.parse(text, asked)))
                .isEqualTo("segments-missing@175 label-unasked@212 label-missing@218");
    }

    @Test
    void promptsAreReadInEverySpelling() {
        for (String prefix : List.of(
                "detect a;b c", " detect a ; b c\n", "<image><image><bos>detect a; b c ;\n", "detect\ta ;b c")) {
            assertThat(PromptClasses.parse(prefix))
                    .contains(new PromptClasses(PromptClasses.Task.DETECT, List.of("a", "b c")));
        }
        PromptClasses open = PromptClasses.parse("detect all classes\n").orElseThrow();
        assertThat(open.classes()).isEmpty();
        assertThat(codes(SuffixParser.parse(BOX + " anything", open))).isEmpty();
        assertThat(PromptClasses.parse("caption en")).isEmpty();
        assertThat(PromptClasses.parse("detection of a")).isEmpty();
        assertThat(new PromptClasses(PromptClasses.Task.SEGMENT, List.of("a", "b")).prefix())
                .isEqualTo("segment a ; b");
    }

    @Test
    void detailsAreShortAndNeverSplitACharacter() {
        SuffixDefect defect =
                SuffixParser.parse("x" + "😀".repeat(1000)).defects().get(0);
        assertThat(defect.detail())
                .hasSizeLessThanOrEqualTo(SuffixDefect.LONGEST_DETAIL)
                .endsWith("😀");
    }

    @Test
    void whatTheWriterWritesComesBack() {
        Random random = new Random(3);
        List<String> labels = List.of("", "cat", "hot dog", "men's shoe, left", "a  b", "9 <5", "cat,", "é");
        int compared = 0;
        for (Convention.Separator separator : Convention.Separator.values()) {
            for (Convention.Gap segments : Convention.Gap.values()) {
                for (Convention.Gap label : Convention.Gap.values()) {
                    SuffixWriter writer = new SuffixWriter(Convention.BIG_VISION
                            .with(Map.of(
                                    "separator",
                                    separator.key(),
                                    "before-segments",
                                    segments.key(),
                                    "before-label",
                                    label.key()))
                            .orElseThrow());
                    List<SuffixObject> objects = new ArrayList<>();
                    for (int i = 0; i < 20; i++) {
                        LocationBins box = new LocationBins(random.nextInt(500), i, 500 + random.nextInt(500), 600);
                        objects.add(new SuffixObject(
                                box,
                                random.nextBoolean() ? Optional.of(MASK) : Optional.empty(),
                                labels.get(random.nextInt(labels.size()))));
                    }
                    assertThat(clean(writer.write(objects))).isEqualTo(objects);
                    compared++;
                }
            }
        }
        assertThat(compared).isEqualTo(16);
    }

    @Test
    void everyObjectSaysWhereItsPartsStand() {
        ParsedSuffix parsed = SuffixParser.parse("cat " + BOX + " ; " + OTHER + " " + SEGMENTS + " dog");

        assertThat(parsed.places())
                .containsExactly(new ParsedSuffix.Place(4, -1, 0), new ParsedSuffix.Place(43, 80, 209));
    }

    private static SuffixObject plain(LocationBins box, String label) {
        return new SuffixObject(box, Optional.empty(), label);
    }

    private static SuffixObject masked(LocationBins box, String label) {
        return new SuffixObject(box, Optional.of(MASK), label);
    }

    /** The objects of a text without defects. */
    private static List<SuffixObject> clean(String text) {
        ParsedSuffix parsed = SuffixParser.parse(text);
        assertThat(parsed.defects()).isEmpty();
        return parsed.objects();
    }

    /** Labels of the objects, then the defects as {@code code@at#tokens}. */
    private static String read(String text) {
        ParsedSuffix parsed = SuffixParser.parse(text);
        return parsed.objects().stream().map(SuffixObject::label).toList() + " " + codes(parsed);
    }

    private static String codes(ParsedSuffix parsed) {
        return parsed.defects().stream()
                .map(defect -> defect.code() + "@" + defect.at() + (defect.tokens() > 0 ? "#" + defect.tokens() : ""))
                .collect(Collectors.joining(" "));
    }
}
