package io.palispark.annotation;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What one reader reads: a file, or a file of questions with its file of answers. Serializable where its sources are.
 *
 * @param answers the answer file of {@link AnnotationFormat#VQAV2}; empty for other formats, and where none was found
 * @param why how the format was told, one clause for the log
 */
public record AnnotationInput(
        AnnotationFormat format, AnnotationSource source, Optional<AnnotationSource> answers, String why)
        implements Serializable {

    /**
     * Sorts files into inputs, looking at the first keys of each. Every file is in exactly one input; a file whose kind
     * cannot be told becomes an input of COCO, whose reader says what is wrong with it. Question and answer files pair
     * when there is one of each, else by what their names have in common.
     *
     * @param stated the format that all files are to be read as; empty to tell it from their content
     */
    public static List<AnnotationInput> plan(
            Collection<? extends AnnotationSource> files, Optional<AnnotationFormat> stated, ReadLimits limits)
            throws IOException {
        List<AnnotationInput> inputs = new ArrayList<>();
        List<AnnotationSource> questions = new ArrayList<>();
        List<AnnotationSource> answers = new ArrayList<>();
        for (AnnotationSource file : files) {
            DocumentKind.Evidence evidence = DocumentKind.of(file, limits);
            AnnotationFormat format = stated.orElseGet(() -> format(evidence.kind()));
            if (format != AnnotationFormat.VQAV2) {
                String why = stated.isPresent() ? "as configured" : evidence.why();
                inputs.add(new AnnotationInput(format, file, Optional.empty(), why));
            } else if (evidence.kind() == DocumentKind.ANSWERS) {
                answers.add(file);
            } else {
                questions.add(file);
            }
        }
        inputs.addAll(pair(questions, answers));
        return inputs;
    }

    private static AnnotationFormat format(DocumentKind kind) {
        return switch (kind) {
            case OBJECTS, UNKNOWN -> AnnotationFormat.COCO;
            case CAPTIONS -> AnnotationFormat.COCO_CAPTIONS;
            case QUESTIONS, ANSWERS -> AnnotationFormat.VQAV2;
        };
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
                                    file,
                                    Optional.of(found),
                                    "questions, answered in " + found.name()));
        }
        answersByName.values().forEach(file -> inputs.add(unpaired(file, "no question file has a name like it")));
        return inputs;
    }

    private static AnnotationInput unpaired(AnnotationSource file, String why) {
        return new AnnotationInput(AnnotationFormat.VQAV2, file, Optional.empty(), why);
    }

    /** What is left of {@code v2_OpenEnded_mscoco_val2014_questions.json} and of its answer file alike. */
    private static String commonName(AnnotationSource file) {
        String name = file.name().replace('\\', '/');
        return name.substring(name.lastIndexOf('/') + 1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\.json|\\.gz|questions?|annotations?|answers?|openended|multiplechoice|[^a-z0-9]", "");
    }

    /** Opens the reader; a question or answer file without its counterpart is a rejected file. */
    public AnnotationReader open(ReadLimits limits) throws IOException {
        return switch (format) {
            case COCO -> CocoReader.open(source, limits);
            case COCO_CAPTIONS -> CaptionReader.open(source, limits);
            case VQAV2 ->
                answers.isPresent()
                        ? VqaReader.open(source, answers.get(), limits)
                        : VqaReader.unpaired(source, why, limits);
        };
    }
}
