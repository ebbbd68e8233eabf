package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.token.Convention;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Fine-tuning rows that exist already: validated, repaired and written in another convention, as a pipe. */
public final class RowsJob {

    private final InputStream in;
    private final PrintStream rows;
    private final PrintStream findings;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * @param rows gets the rows
     * @param findings gets a JSON line for each thing found, and a last one with counts
     */
    public RowsJob(InputStream in, PrintStream rows, PrintStream findings) {
        this.in = in;
        this.rows = rows;
        this.findings = findings;
    }

    /**
     * Counts of lines; {@code read} = {@code written} + {@code rejected}.
     *
     * @param repaired the written ones that were found defective
     */
    public record Result(long read, long written, long repaired, long rejected) {}

    /**
     * Rewrites every line.
     *
     * @param from rules of the rows other than big_vision's, by the keys of {@link Convention#toMap}
     * @param to rules to write by
     * @param repair what becomes of defective rows
     * @throws ConfigException for unknown rules
     */
    public Result rewrite(Map<String, String> from, Map<String, String> to, RepairRequest repair) throws IOException {
        RowRewriting rewriting = new RowRewriting(convention("from", from), convention("to", to), repair);
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        Writer out = new OutputStreamWriter(rows, StandardCharsets.UTF_8);
        long number = 0;
        long read = 0;
        long written = 0;
        long repaired = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            read++;
            RowRewriting.Result result = rewriting.rewrite(line);
            report(number, result);
            if (result.row().isPresent()) {
                written++;
                repaired += result.notes().isEmpty() ? 0 : 1;
                out.append(result.row().get()).append('\n');
            }
        }
        out.flush();
        Result counts = new Result(read, written, repaired, read - written);
        findings.println(json.writeValueAsString(counts));
        findings.flush();
        return counts;
    }

    /** What becomes of defective rows. */
    public enum RepairRequest {
        /** Mended where nothing has to be guessed. */
        REPAIR,
        /** Reported and left out. */
        REPORT
    }

    private void report(long line, RowRewriting.Result result) throws IOException {
        for (RowRewriting.Note note : result.notes()) {
            ObjectNode finding = json.createObjectNode()
                    .put("line", line)
                    .put("column", note.column())
                    .put("code", note.code())
                    .put("outcome", result.row().isPresent() ? "kept" : "rejected")
                    .put("detail", note.detail());
            findings.println(json.writeValueAsString(finding));
        }
    }

    private static Convention convention(String side, Map<String, String> rules) {
        Convention.Reading reading = Convention.BIG_VISION.with(rules);
        if (!reading.problems().isEmpty()) {
            List<String> problems = new ArrayList<>();
            reading.problems().forEach(problem -> problems.add("--" + side + ": " + problem));
            throw new ConfigException(problems);
        }
        return reading.convention();
    }
}
