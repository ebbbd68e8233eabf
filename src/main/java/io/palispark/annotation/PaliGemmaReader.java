package io.palispark.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rows of {@code image}, {@code prefix} and {@code suffix}, back to objects, captions and questions. */
final class PaliGemmaReader {

    /** What big_vision multiplies a share of a side with. */
    static final int OFFICIAL_SCALE = 1023;

    private static final Pattern OBJECTS = Pattern.compile("^\\s*(detect|segment)\\b(.*)$", Pattern.DOTALL);
    private static final Pattern CAPTION = Pattern.compile("^\\s*(caption|cap|describe)\\b.*$", Pattern.DOTALL);
    private static final Pattern ANSWER = Pattern.compile("^\\s*answer(?: [a-z]{2})? (.*)$", Pattern.DOTALL);

    private final ReadLimits limits;
    private final int scale;
    private final String folder;
    private final RecordQueue out;
    private final NamedImages images;

    private PaliGemmaReader(AnnotationInput input, int scale, ReadLimits limits) {
        this.limits = limits;
        this.scale = scale;
        this.folder = PictureNames.folder(input.entries().get(0).name());
        this.out = new RecordQueue(input.name());
        this.images = new NamedImages(out);
    }

    static AnnotationReader open(AnnotationInput input, int scale, ReadLimits limits) throws IOException {
        PaliGemmaReader reader = new PaliGemmaReader(input, scale, limits);
        return LineSteps.open(
                input, input.entries().get(0).main(), limits, reader.out, (line, number) -> {}, reader::read);
    }

    private void read(String line, long number) throws IOException {
        try {
            JsonNode row = SmallDocument.object(line, limits);
            String stated = text(row, row.has("image") ? "image" : "file_name");
            String prefix = text(row, "prefix");
            String suffix = text(row, "suffix");
            String place = "line " + number;
            String group = row.path(limits.groupField()).asText("");
            images.meet(stated, 0, 0, SizeClaim.NONE, SplitName.ofPath(folder + "/" + stated), group, place);
            Matcher objects = OBJECTS.matcher(prefix);
            if (objects.matches()) {
                readObjects(stated, objects.group(2), suffix, number);
            } else if (CAPTION.matcher(prefix).matches()) {
                readCaption(stated, suffix, number);
            } else {
                readAnswer(stated, prefix, suffix, number);
            }
        } catch (DocumentException unusable) {
            out.seen(RowKind.IMAGE);
            String detail = "line " + number + ": " + unusable.getMessage();
            out.reject("", RowKind.IMAGE, "", unusable.reason(), detail);
        }
    }

    private static String text(JsonNode row, String key) throws DocumentException {
        JsonNode value = row.path(key);
        if (!value.isTextual()) {
            throw new DocumentException(ReasonCode.KEY_MISSING, "no text " + Defect.quote(key));
        }
        return value.asText();
    }

    /** An empty suffix is a picture without the classes asked for. */
    private void readObjects(String image, String asked, String suffix, long number) {
        List<String> classes = List.of(asked.split(";")).stream()
                .map(TextLine::trim)
                .filter(name -> !name.isEmpty())
                .toList();
        if (suffix.isBlank()) {
            return;
        }
        PaliGemmaObject reader = new PaliGemmaObject(scale, classes);
        String[] parts = suffix.split(";", -1);
        for (int i = 0; i < parts.length; i++) {
            if (!parts[i].isBlank() || parts.length == 1) {
                out.seen(RowKind.OBJECT);
                String id = image + "#" + number + "." + (i + 1);
                ObjectDraft draft = new ObjectDraft(image, i, id, "line " + number + ", object " + (i + 1));
                reader.read(parts[i], draft);
                draft.emit(out);
            }
        }
    }

    private void readCaption(String image, String suffix, long number) {
        out.seen(RowKind.CAPTION);
        TextLine line = TextLine.of(suffix, limits);
        if (isUsable(line, image, RowKind.CAPTION, number)) {
            out.add(new CaptionRow(image, number, image + "#" + number, line.text()));
            remark(line, image, RowKind.CAPTION, number);
        }
    }

    private void readAnswer(String image, String prefix, String suffix, long number) {
        out.seen(RowKind.QUESTION);
        Matcher asked = ANSWER.matcher(prefix);
        TextLine question = TextLine.of(asked.matches() ? asked.group(1) : prefix, limits);
        TextLine answer = TextLine.of(suffix, limits);
        if (isUsable(question, image, RowKind.QUESTION, number) && isUsable(answer, image, RowKind.QUESTION, number)) {
            List<String> answers = List.of(answer.text());
            out.add(new QuestionRow(image, number, image + "#" + number, question.text(), answers, answer.text()));
            remark(question, image, RowKind.QUESTION, number);
            remark(answer, image, RowKind.QUESTION, number);
        }
    }

    private boolean isUsable(TextLine line, String image, RowKind kind, long number) {
        if (line.isRejected()) {
            Defect defect = line.defects().get(0);
            String detail = "line " + number + ": " + defect.detail();
            out.reject(image, kind, image + "#" + number, defect.reason(), detail);
        }
        return !line.isRejected();
    }

    private void remark(TextLine line, String image, RowKind kind, long number) {
        for (Defect defect : line.defects()) {
            String detail = "line " + number + ": " + defect.detail();
            out.finding(image, kind, image + "#" + number, new Defect(defect.reason(), defect.outcome(), detail));
        }
    }
}
