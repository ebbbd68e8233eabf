package io.palispark.token;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads suffixes as models and other tools write them: objects joined by {@code ;} or line breaks with any white space,
 * segments with or without a blank before them, labels of any words or none, control tokens left in. What does not fit
 * becomes a {@link SuffixDefect}; no text makes it fail. Time is linear in the text, apart from sorting the defects.
 */
public final class SuffixParser {

    /** Location tokens of one object. */
    static final int LOCATIONS = 4;

    /** The bin that writers without a clip give for the far edge. */
    private static final int FAR_EDGE = TokenVocabulary.LOCATIONS;

    private final String text;
    private final Optional<PromptClasses> asked;
    private final Set<String> askedClasses;
    private final BoxForm form;
    private final SuffixLexer lexer;
    private final List<SuffixObject> objects = new ArrayList<>();
    private final List<ParsedSuffix.Place> places = new ArrayList<>();
    private final List<SuffixDefect> defects = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    /** Objects since the last separator, all but the last one complete. */
    private final List<Draft> drafts = new ArrayList<>();

    /** Where the text before the first box since the last separator starts; -1 for none. */
    private int leadAt = -1;

    private String lead = "";

    /** True while the tokens of a dropped box are the last ones since the last separator: the text behind is its label. */
    private boolean boxLost;

    private SuffixParser(String text, Optional<PromptClasses> asked, BoxForm form) {
        this.form = form;
        this.text = text;
        this.asked = asked;
        this.askedClasses = asked.map(prompt -> (Set<String>) new HashSet<>(prompt.classes()))
                .orElse(Set.of());
        this.lexer = new SuffixLexer(text);
    }

    /** The objects and defects of a suffix whose prompt is not known. */
    public static ParsedSuffix parse(String text) {
        return parse(text, Optional.empty(), BoxForm.YXYX);
    }

    /** The objects and defects of the answer to a prompt: labels and masks are also compared with what was asked. */
    public static ParsedSuffix parse(String text, PromptClasses asked) {
        return parse(text, Optional.of(asked), BoxForm.YXYX);
    }

    /**
     * The objects and defects of a text whose boxes are in this form; their bins are those of the corners.
     *
     * @param asked empty when the prompt is not known
     */
    public static ParsedSuffix parse(String text, Optional<PromptClasses> asked, BoxForm form) {
        return new SuffixParser(text, asked, form).parsed();
    }

    private ParsedSuffix parsed() {
        int endedAt = -1;
        boolean endReported = false;
        while (lexer.kind() != SuffixLexer.Kind.END_OF_TEXT) {
            if (endedAt >= 0 && !endReported && carriesContent(lexer.kind())) {
                report(SuffixDefectCode.AFTER_END, lexer.start(), 0);
                endReported = true;
            }
            if (lexer.kind() == SuffixLexer.Kind.END_OF_SEQUENCE && endedAt < 0) {
                endedAt = lexer.start();
            }
            readLexeme();
        }
        endSection();
        defects.sort(Comparator.comparingInt(SuffixDefect::at));
        return new ParsedSuffix(objects, places, defects);
    }

    private static boolean carriesContent(SuffixLexer.Kind kind) {
        return switch (kind) {
            case LOCATION, SEGMENT, TEXT -> true;
            case SEPARATOR, CONTROL, END_OF_SEQUENCE, END_OF_TEXT -> false;
        };
    }

    private void readLexeme() {
        switch (lexer.kind()) {
            case LOCATION -> readLocations();
            case SEGMENT -> readSegments();
            case TEXT -> readText();
            case SEPARATOR, CONTROL, END_OF_SEQUENCE -> {
                endSection();
                lexer.advance();
            }
            case END_OF_TEXT -> throw new IllegalStateException("Cannot read beyond the end of the text");
        }
    }

    private void readLocations() {
        TokenRun run = TokenRun.read(lexer);
        Optional<SuffixDefectCode> fault = locationFault(run);
        if (fault.isPresent()) {
            report(fault.get(), run.start(), run.count());
            boxLost = true;
            return;
        }
        for (int i = 0; i < run.count(); i += LOCATIONS) {
            if (!drafts.isEmpty() && !boxLost) {
                last().dropTrailingComma();
                report(SuffixDefectCode.SEPARATOR_MISSING, run.start(i), 0);
            }
            boxLost = false;
            drafts.add(new Draft(run.start(i), bins(run, i)));
        }
    }

    private Optional<SuffixDefectCode> locationFault(TokenRun run) {
        if (run.malformed()) {
            return Optional.of(cutAtEnd() ? SuffixDefectCode.TRUNCATED : SuffixDefectCode.LOCATION_MALFORMED);
        }
        if (run.largest() > FAR_EDGE) {
            return Optional.of(SuffixDefectCode.LOCATION_OUT_OF_RANGE);
        }
        if (run.count() % LOCATIONS == 0) {
            return Optional.empty();
        }
        if (run.count() > LOCATIONS) {
            return Optional.of(SuffixDefectCode.LOCATIONS_EXTRA);
        }
        return Optional.of(atEnd() ? SuffixDefectCode.TRUNCATED : SuffixDefectCode.LOCATIONS_MISSING);
    }

    private LocationBins bins(TokenRun run, int from) {
        int[] bins = new int[LOCATIONS];
        for (int i = 0; i < LOCATIONS; i++) {
            bins[i] = run.value(from + i);
            if (bins[i] == FAR_EDGE) {
                report(SuffixDefectCode.LOCATION_OUT_OF_RANGE, run.start(from + i), 0);
                bins[i] = FAR_EDGE - 1;
            }
        }
        BoxForm.Corners corners = form.corners(bins);
        if (corners.beyond()) {
            report(SuffixDefectCode.LOCATION_OUT_OF_RANGE, run.start(from), 0);
        }
        return corners.bins();
    }

    private void readSegments() {
        TokenRun run = TokenRun.read(lexer);
        if (drafts.isEmpty() || boxLost) {
            report(SuffixDefectCode.SEGMENTS_WITHOUT_BOX, run.start(), run.count());
            return;
        }
        Draft object = last();
        if (object.segmentsSeen) {
            report(SuffixDefectCode.SEGMENTS_EXTRA, run.start(), run.count());
            return;
        }
        object.segmentsSeen = true;
        if (!object.label.isEmpty()) {
            report(SuffixDefectCode.SEGMENTS_AFTER_LABEL, run.start(), 0);
        }
        TokenRun mask = run.first(SegmentationCodes.COUNT);
        if (run.count() > mask.count()) {
            report(SuffixDefectCode.SEGMENTS_EXTRA, run.start(mask.count()), run.count() - mask.count());
        }
        Optional<SuffixDefectCode> fault = segmentFault(mask);
        if (fault.isPresent()) {
            report(fault.get(), mask.start(), mask.count());
        } else {
            object.codes = Optional.of(SegmentationCodes.of(mask.values()));
            object.codesAt = mask.start();
        }
    }

    private Optional<SuffixDefectCode> segmentFault(TokenRun mask) {
        if (mask.malformed()) {
            return Optional.of(cutAtEnd() ? SuffixDefectCode.TRUNCATED : SuffixDefectCode.SEGMENT_MALFORMED);
        }
        if (mask.largest() >= TokenVocabulary.SEGMENTS) {
            return Optional.of(SuffixDefectCode.SEGMENT_OUT_OF_RANGE);
        }
        if (mask.count() == SegmentationCodes.COUNT) {
            return Optional.empty();
        }
        return Optional.of(atEnd() ? SuffixDefectCode.TRUNCATED : SuffixDefectCode.SEGMENTS_MISSING);
    }

    private void readText() {
        if (!boxLost) {
            if (drafts.isEmpty() && leadAt < 0) {
                leadAt = lexer.start();
                lead = lexer.lexeme();
            } else if (!drafts.isEmpty() && last().label.isEmpty()) {
                last().label = lexer.lexeme();
                last().labelAt = lexer.start();
            } else {
                report(SuffixDefectCode.STRAY_TEXT, lexer.start(), 0);
            }
        }
        lexer.advance();
    }

    private void endSection() {
        if (leadAt >= 0) {
            if (drafts.size() == 1 && last().label.isEmpty()) {
                last().label = lead;
                last().labelAt = leadAt;
                report(SuffixDefectCode.LABEL_BEFORE_BOX, leadAt, 0);
            } else {
                report(SuffixDefectCode.STRAY_TEXT, leadAt, 0);
            }
        }
        drafts.forEach(this::complete);
        drafts.clear();
        leadAt = -1;
        boxLost = false;
    }

    private void complete(Draft draft) {
        LocationBins box = draft.box;
        if (box.y2() < box.y1() || box.x2() < box.x1()) {
            report(SuffixDefectCode.BOX_REVERSED, draft.at, 0);
        } else if (box.isEmpty()) {
            report(SuffixDefectCode.BOX_EMPTY, draft.at, 0);
        }
        asked.ifPresent(prompt -> compare(draft, prompt));
        SuffixObject object = new SuffixObject(box, draft.codes, draft.label);
        String identity = box.text() + draft.codes.map(SegmentationCodes::text).orElse("") + draft.label;
        if (!seen.add(identity)) {
            report(SuffixDefectCode.OBJECT_REPEATED, draft.at, 0);
        }
        objects.add(object);
        places.add(new ParsedSuffix.Place(draft.at, draft.codesAt, draft.labelAt));
    }

    private void compare(Draft draft, PromptClasses prompt) {
        if (draft.label.isEmpty()) {
            report(SuffixDefectCode.LABEL_MISSING, draft.at, 0);
        } else if (!askedClasses.isEmpty() && !askedClasses.contains(draft.label)) {
            report(SuffixDefectCode.LABEL_UNASKED, draft.labelAt, 0);
        }
        if (prompt.task() == PromptClasses.Task.SEGMENT && !draft.segmentsSeen) {
            report(SuffixDefectCode.SEGMENTS_MISSING, draft.at, 0);
        }
    }

    private Draft last() {
        return drafts.get(drafts.size() - 1);
    }

    private boolean atEnd() {
        return lexer.kind() == SuffixLexer.Kind.END_OF_TEXT;
    }

    /** True when the text ends in a token that lacks its bracket. */
    private boolean cutAtEnd() {
        return atEnd() && !text.stripTrailing().endsWith(">");
    }

    private void report(SuffixDefectCode code, int at, int tokens) {
        defects.add(SuffixDefect.of(code, at, text, tokens));
    }

    /** An object whose label or segments may still come. */
    private static final class Draft {

        private final int at;
        private final LocationBins box;
        private Optional<SegmentationCodes> codes = Optional.empty();
        private int codesAt = -1;
        private boolean segmentsSeen;
        private String label = "";
        private int labelAt = -1;

        private Draft(int at, LocationBins box) {
            this.at = at;
            this.box = box;
        }

        /** A comma between two objects is a separator of somebody's, not the end of a label. */
        private void dropTrailingComma() {
            if (label.endsWith(",")) {
                label = label.substring(0, label.length() - 1).strip();
            }
        }
    }
}
