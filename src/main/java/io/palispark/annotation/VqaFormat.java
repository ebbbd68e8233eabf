package io.palispark.annotation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * VQAv2 questions and answers, which pair when there is one file of each, else by what their names have in common. A
 * file without its counterpart is an input that is rejected.
 */
final class VqaFormat implements FormatDefinition {

    /** Role of the answer file; an input without one stands alone. */
    static final String ANSWERS = "answers";

    @Override
    public Set<FormatContent> contents() {
        return EnumSet.of(FormatContent.QUESTIONS);
    }

    @Override
    public List<AnnotationInput> claim(FileListing files) throws IOException {
        List<AnnotationSource> answers = new ArrayList<>();
        List<AnnotationSource> questions = new ArrayList<>();
        for (AnnotationSource file : files.documents(DocumentKind.QUESTIONS)) {
            boolean isAnswers = files.kind(file).kind() == DocumentKind.ANSWERS;
            (isAnswers ? answers : questions).add(file);
        }
        if (!files.isStated()) {
            answers.addAll(files.documents(DocumentKind.ANSWERS));
        }
        List<AnnotationInput> inputs = pair(questions, answers);
        inputs.forEach(files::claim);
        return inputs;
    }

    @Override
    public AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        AnnotationSource file = input.entries().get(0).main();
        AnnotationSource answers = input.shared().get(ANSWERS);
        return answers == null ? VqaReader.unpaired(file, input.why()) : VqaReader.open(file, answers, limits);
    }

    private static List<AnnotationInput> pair(List<AnnotationSource> questions, List<AnnotationSource> answers) {
        boolean one = questions.size() == 1 && answers.size() == 1;
        Map<String, AnnotationSource> answersByName = new LinkedHashMap<>();
        List<AnnotationInput> inputs = new ArrayList<>();
        for (AnnotationSource file : answers) {
            AnnotationSource sameName = answersByName.putIfAbsent(one ? "" : commonName(file), file);
            if (sameName != null) {
                inputs.add(unpaired(file, "its name is like that of " + sameName.name()));
            }
        }
        for (AnnotationSource file : questions) {
            AnnotationSource found = answersByName.remove(one ? "" : commonName(file));
            inputs.add(
                    found == null
                            ? unpaired(file, "no answer file has a name like it")
                            : new AnnotationInput(
                                    AnnotationFormat.VQAV2,
                                    file.name(),
                                    List.of(AnnotationInput.Entry.of(file, "")),
                                    Map.of(ANSWERS, found),
                                    "questions, answered in " + found.name()));
        }
        answersByName.values().forEach(file -> inputs.add(unpaired(file, "no question file has a name like it")));
        return inputs;
    }

    private static AnnotationInput unpaired(AnnotationSource file, String why) {
        return AnnotationInput.of(AnnotationFormat.VQAV2, file, why);
    }

    /** What is left of {@code v2_OpenEnded_mscoco_val2014_questions.json} and of its answer file alike. */
    private static String commonName(AnnotationSource file) {
        return PictureNames.lastPart(file.name().replace('\\', '/'))
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\.json|\\.gz|questions?|annotations?|answers?|openended|multiplechoice|[^a-z0-9]", "");
    }
}
