package io.palispark.annotation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The files of a dataset while formats claim them. A claimed file may still be a companion of others. */
final class FileListing {

    private final Map<String, AnnotationSource> files = new LinkedHashMap<>();
    private final Set<AnnotationSource> claimed = new HashSet<>();
    private final Map<AnnotationSource, DocumentKind.Evidence> kinds = new HashMap<>();
    private final PictureNames pictures;
    private final boolean stated;
    private final ReadLimits limits;
    private final List<AnnotationSource> all;

    FileListing(
            Collection<? extends AnnotationSource> files, PictureNames pictures, boolean stated, ReadLimits limits) {
        this.pictures = pictures;
        this.stated = stated;
        this.limits = limits;
        this.all = List.copyOf(files);
        this.all.forEach(file -> this.files.putIfAbsent(file.name().replace('\\', '/'), file));
    }

    static boolean isJson(String name) {
        return name.endsWith(".json") || name.endsWith(".json.gz");
    }

    PictureNames pictures() {
        return pictures;
    }

    ReadLimits limits() {
        return limits;
    }

    /** True when the user named the format, so that nothing has to be recognised. */
    boolean isStated() {
        return stated;
    }

    Optional<AnnotationSource> find(String name) {
        return Optional.ofNullable(files.get(name));
    }

    /** Files whose names fit, claimed or not, in listing order. */
    List<AnnotationSource> named(Predicate<String> name) {
        return all.stream()
                .filter(file -> name.test(file.name().replace('\\', '/')))
                .toList();
    }

    /** Files not claimed yet whose names fit, in listing order. */
    List<AnnotationSource> unclaimed(Predicate<String> name) {
        List<AnnotationSource> found = new ArrayList<>();
        for (AnnotationSource file : all) {
            if (!claimed.contains(file) && name.test(file.name().replace('\\', '/'))) {
                found.add(file);
            }
        }
        return found;
    }

    void claim(AnnotationSource file) {
        claimed.add(file);
    }

    void claim(AnnotationInput input) {
        claimed.addAll(input.sources());
    }

    /** What a JSON document holds; looked at once. */
    DocumentKind.Evidence kind(AnnotationSource file) throws IOException {
        DocumentKind.Evidence evidence = kinds.get(file);
        if (evidence == null) {
            evidence = DocumentKind.of(file, limits);
            kinds.put(file, evidence);
        }
        return evidence;
    }

    /** Claims every document of a kind as an input of its own; all files when the format is stated. */
    List<AnnotationInput> documents(AnnotationFormat format, DocumentKind kind) throws IOException {
        List<AnnotationInput> inputs = new ArrayList<>();
        for (AnnotationSource file : documents(kind)) {
            claim(file);
            inputs.add(AnnotationInput.of(format, file, why(kind(file).why())));
        }
        return inputs;
    }

    /** Documents of a kind, not claimed yet; all files when the format is stated. */
    List<AnnotationSource> documents(DocumentKind kind) throws IOException {
        List<AnnotationSource> documents = new ArrayList<>();
        for (AnnotationSource file : unclaimed(stated ? name -> !PictureNames.isPicture(name) : FileListing::isJson)) {
            if (stated || kind(file).kind() == kind) {
                documents.add(file);
            }
        }
        return documents;
    }

    String why(String evidence) {
        return stated ? "as configured" : evidence;
    }
}
