package io.palispark.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.ReasonCode;
import io.palispark.token.BoxForm;
import io.palispark.token.BoxQuantizer;
import io.palispark.token.Convention;
import io.palispark.token.LocationBins;
import io.palispark.token.NormalizedBox;
import io.palispark.token.ParsedSuffix;
import io.palispark.token.PromptClasses;
import io.palispark.token.SuffixDefect;
import io.palispark.token.SuffixDefectCode;
import io.palispark.token.SuffixObject;
import io.palispark.token.SuffixParser;
import io.palispark.token.SuffixWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rows of {@code image}, {@code prefix} and {@code suffix} from one convention to another. Rows that hold no objects stay
 * as they are. A row with a defect is rejected, or repaired on request where nothing has to be guessed.
 */
final class RowRewriting {

    private static final Set<SuffixDefectCode> REPAIRABLE = EnumSet.of(
            SuffixDefectCode.LOCATION_OUT_OF_RANGE,
            SuffixDefectCode.BOX_REVERSED,
            SuffixDefectCode.LABEL_MISSING,
            SuffixDefectCode.LABEL_BEFORE_BOX,
            SuffixDefectCode.SEGMENTS_AFTER_LABEL,
            SuffixDefectCode.SEPARATOR_MISSING,
            SuffixDefectCode.STRAY_TEXT,
            SuffixDefectCode.AFTER_END);
    private static final Set<SuffixDefectCode> HARMLESS =
            EnumSet.of(SuffixDefectCode.LABEL_UNASKED, SuffixDefectCode.OBJECT_REPEATED);

    private final ObjectMapper json = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private final int divisor;
    private final BoxForm form;
    private final BoxQuantizer quantizer;
    private final SuffixWriter writer;
    private final RowsJob.RepairRequest repair;

    RowRewriting(Convention from, Convention to, RowsJob.RepairRequest repair) {
        this.divisor = from.bins().divisor();
        this.form = from.order();
        this.quantizer = new BoxQuantizer(to);
        this.writer = new SuffixWriter(to);
        this.repair = repair;
    }

    /**
     * Something about a row.
     *
     * @param column of the line's JSON, or of the suffix where the code is one of a suffix; from 1
     */
    record Note(String code, int column, String detail) {}

    /**
     * @param row the line to write; empty when it is rejected
     * @param notes everything found, also what was mended
     */
    record Result(Optional<String> row, List<Note> notes) {}

    Result rewrite(String line) throws JsonProcessingException {
        List<Note> notes = new ArrayList<>();
        Optional<ObjectNode> row = row(line, notes);
        if (row.isEmpty()) {
            return new Result(Optional.empty(), notes);
        }
        String prefix = row.get().path("prefix").textValue();
        Optional<PromptClasses> asked = PromptClasses.parse(prefix);
        String suffix = row.get().path("suffix").textValue();
        if (asked.isPresent() && !suffix.isBlank()) {
            Optional<String> rewritten = suffix(suffix, asked.get(), notes);
            if (rewritten.isEmpty()) {
                return new Result(Optional.empty(), notes);
            }
            row.get().put("suffix", rewritten.get());
        }
        return new Result(Optional.of(json.writeValueAsString(row.get())), notes);
    }

    private Optional<ObjectNode> row(String line, List<Note> notes) {
        Optional<ObjectNode> row = Optional.empty();
        try {
            row = object(line);
        } catch (JsonProcessingException invalid) {
            int column =
                    invalid.getLocation() == null ? 1 : invalid.getLocation().getColumnNr();
            notes.add(new Note(ReasonCode.SYNTAX_INVALID.code(), column, invalid.getOriginalMessage()));
            if (repair == RowsJob.RepairRequest.REPAIR) {
                try {
                    row = object(QuoteRepair.of(line));
                } catch (JsonProcessingException stillInvalid) {
                    return Optional.empty();
                }
            }
            return row;
        }
        if (row.isEmpty()) {
            notes.add(new Note(ReasonCode.KEY_MISSING.code(), 1, "image, prefix and suffix must be texts"));
        }
        return row;
    }

    private Optional<ObjectNode> object(String line) throws JsonProcessingException {
        JsonNode tree = json.readTree(line);
        boolean complete = tree instanceof ObjectNode
                && tree.path("image").isTextual()
                && tree.path("prefix").isTextual()
                && tree.path("suffix").isTextual();
        return complete ? Optional.of((ObjectNode) tree) : Optional.empty();
    }

    private Optional<String> suffix(String suffix, PromptClasses asked, List<Note> notes) {
        ParsedSuffix parsed = SuffixParser.parse(suffix, Optional.of(asked), form);
        boolean usable = true;
        for (SuffixDefect defect : parsed.defects()) {
            notes.add(new Note(defect.code().code(), defect.at() + 1, defect.detail()));
            boolean mended = repair == RowsJob.RepairRequest.REPAIR
                    && REPAIRABLE.contains(defect.code())
                    && defect.tokens() == 0
                    && (defect.code() != SuffixDefectCode.LABEL_MISSING
                            || asked.classes().size() == 1);
            usable &= mended || HARMLESS.contains(defect.code());
        }
        if (!usable) {
            return Optional.empty();
        }
        List<SuffixObject> objects = new ArrayList<>();
        for (SuffixObject object : parsed.objects()) {
            String label = object.label().isEmpty() && asked.classes().size() == 1
                    ? asked.classes().get(0)
                    : object.label();
            objects.add(new SuffixObject(bins(object.box()), object.codes(), label));
        }
        return Optional.of(writer.write(objects));
    }

    /** The same shares of the sides in the other convention, corners in order. */
    private LocationBins bins(LocationBins bins) {
        return quantizer.bins(new NormalizedBox(
                share(Math.min(bins.y1(), bins.y2())),
                share(Math.min(bins.x1(), bins.x2())),
                share(Math.max(bins.y1(), bins.y2())),
                share(Math.max(bins.x1(), bins.x2()))));
    }

    private float share(int bin) {
        return (float) bin / divisor;
    }
}
