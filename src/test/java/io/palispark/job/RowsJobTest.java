package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SharedFolder;
import io.palispark.job.RowsJob.RepairRequest;
import io.palispark.token.LocationBins;
import io.palispark.token.SuffixObject;
import io.palispark.token.SuffixParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that exist already; first those that the fine-tuning primer prints. */
class RowsJobTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private record Rewritten(RowsJob.Result counts, List<JsonNode> rows, List<JsonNode> findings) {}

    private static Rewritten rewrite(
            String lines, Map<String, String> from, Map<String, String> to, RepairRequest repair) throws IOException {
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        ByteArrayOutputStream findings = new ByteArrayOutputStream();
        RowsJob.Result counts = new RowsJob(
                        new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(rows, true, StandardCharsets.UTF_8),
                        new PrintStream(findings, true, StandardCharsets.UTF_8))
                .rewrite(from, to, repair);
        return new Rewritten(counts, trees(rows), trees(findings));
    }

    private static List<JsonNode> trees(ByteArrayOutputStream lines) throws IOException {
        List<JsonNode> trees = new ArrayList<>();
        for (String line : lines.toString(StandardCharsets.UTF_8).lines().toList()) {
            trees.add(JSON.readTree(line));
        }
        return trees;
    }

    private static String primer() throws IOException {
        Path primer = SharedFolder.require("reference/primer.txt");
        try (var lines = Files.lines(primer)) {
            return lines.filter(line -> line.startsWith("{\"image\"")).collect(Collectors.joining("\n"));
        }
    }

    @Test
    void theInnerQuotesOfThePrimersCaptionAreReportedWithTheirPlace() throws IOException {
        Rewritten found = rewrite(primer(), Map.of(), Map.of(), RepairRequest.REPORT);

        assertThat(found.counts()).isEqualTo(new RowsJob.Result(11, 10, 0, 1));
        JsonNode finding = found.findings().get(0);
        assertThat(finding.get("line").asInt()).isEqualTo(2);
        // the parser that comes with Spark 3.5 tells the place behind the character
        int column = primer().lines().toList().get(1).indexOf("this is the sign") + 1;
        assertThat(finding.get("column").asInt()).isBetween(column, column + 1);
        assertThat(finding.get("code").asText()).isEqualTo("syntax-invalid");
    }

    @Test
    void theInnerQuotesAreRepairedOnRequest() throws IOException {
        Rewritten found = rewrite(primer(), Map.of(), Map.of(), RepairRequest.REPAIR);

        assertThat(found.counts()).isEqualTo(new RowsJob.Result(11, 11, 1, 0));
        assertThat(found.rows().get(1).get("suffix").asText())
                .contains("reads \"this is the sign you ve been looking for.\" the sign");
    }

    @Test
    void theSameConventionLeavesEveryRowAsItWas() throws IOException {
        String lines = primer();
        Rewritten found = rewrite(lines, Map.of(), Map.of(), RepairRequest.REPORT);

        List<String> valid = new ArrayList<>(lines.lines().toList());
        valid.remove(1);
        assertThat(found.rows()).hasSize(valid.size());
        for (int i = 0; i < valid.size(); i++) {
            assertThat(found.rows().get(i)).isEqualTo(JSON.readTree(valid.get(i)));
        }
    }

    @ParameterizedTest
    @CsvSource({"1023,1024", "1024,1023"})
    void boxesKeepTheirPlaceInTheOtherConvention(int from, int to) throws IOException {
        Rewritten found = rewrite(primer(), Map.of("bins", "" + from), Map.of("bins", "" + to), RepairRequest.REPAIR);
        List<JsonNode> before =
                rewrite(primer(), Map.of(), Map.of(), RepairRequest.REPAIR).rows();

        int changed = 0;
        for (int i = 0; i < before.size(); i++) {
            List<SuffixObject> old =
                    SuffixParser.parse(before.get(i).get("suffix").asText()).objects();
            List<SuffixObject> now = SuffixParser.parse(
                            found.rows().get(i).get("suffix").asText())
                    .objects();
            assertThat(now).hasSameSizeAs(old);
            for (int k = 0; k < old.size(); k++) {
                assertThat(now.get(k).codes()).isEqualTo(old.get(k).codes());
                assertThat(now.get(k).label()).isEqualTo(old.get(k).label());
                assertNear(old.get(k).box(), from, now.get(k).box(), to);
                changed += now.get(k).box().equals(old.get(k).box()) ? 0 : 1;
            }
        }
        assertThat(changed).isPositive();
    }

    private static void assertNear(LocationBins old, int from, LocationBins now, int to) {
        int[] before = {old.y1(), old.x1(), old.y2(), old.x2()};
        int[] after = {now.y1(), now.x1(), now.y2(), now.x2()};
        for (int i = 0; i < before.length; i++) {
            assertThat((double) after[i] / to)
                    .isCloseTo((double) before[i] / from, org.assertj.core.data.Offset.offset(0.5 / 1023 + 1e-9));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<loc0000><loc0010><loc1024><loc0020> cat | <loc0000><loc0010><loc1023><loc0020> cat",
                "<loc0500><loc0020><loc0100><loc0010> cat | <loc0100><loc0010><loc0500><loc0020> cat",
                "<loc0100><loc0010><loc0500><loc0020> | <loc0100><loc0010><loc0500><loc0020> cat",
            })
    void mendsWhatNeedsNoGuess(String suffix, String mended) throws IOException {
        String row = "{\"image\":\"a.jpg\",\"prefix\":\"detect cat\",\"suffix\":\"" + suffix + "\"}";

        assertThat(rewrite(row, Map.of(), Map.of(), RepairRequest.REPORT)
                        .counts()
                        .rejected())
                .isEqualTo(1);
        assertThat(rewrite(row, Map.of(), Map.of(), RepairRequest.REPAIR).rows())
                .singleElement()
                .satisfies(one -> assertThat(one.get("suffix").asText()).isEqualTo(mended));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<loc0000><loc0010><loc1100><loc0020> cat",
                "<loc0100><loc0010><loc0500> cat",
                "<loc0100><loc0010><loc0500><loc0020><seg001><seg002> cat",
            })
    void whatHasLostSomethingStaysRejected(String suffix) throws IOException {
        String row = "{\"image\":\"a.jpg\",\"prefix\":\"detect cat\",\"suffix\":\"" + suffix + "\"}";

        assertThat(rewrite(row, Map.of(), Map.of(), RepairRequest.REPAIR)
                        .counts()
                        .rejected())
                .isEqualTo(1);
    }
}
