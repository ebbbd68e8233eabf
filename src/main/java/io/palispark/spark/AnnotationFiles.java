package io.palispark.spark;

import io.palispark.annotation.AnnotationFormat;
import io.palispark.annotation.AnnotationInput;
import io.palispark.annotation.AnnotationPlan;
import io.palispark.annotation.PictureNames;
import io.palispark.annotation.ReadLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Annotation files of any Hadoop file system, listed and sorted into inputs that tasks can read. */
public final class AnnotationFiles {

    private static final Logger LOG = LoggerFactory.getLogger(AnnotationFiles.class);
    private static final int NAMED = 4;

    private AnnotationFiles() {}

    /**
     * Lists the files at or below the given paths and looks at names and first keys; the log says what each is taken for.
     *
     * @param format empty tells it from the content
     * @param pictures asked for their names by formats whose annotations do not name them; empty takes the pictures among
     *     the files
     */
    public static List<AnnotationInput> plan(
            Storage storage,
            List<String> paths,
            Optional<AnnotationFormat> format,
            Optional<ImageSource> pictures,
            ReadLimits limits)
            throws IOException {
        List<HadoopAnnotationSource> sources = new ArrayList<>();
        for (String given : paths) {
            String root = storage.qualified(given) + "/";
            for (Storage.Listed file : storage.list(given)) {
                String name = file.path().startsWith(root)
                        ? file.path().substring(root.length())
                        : file.path().substring(file.path().lastIndexOf('/') + 1);
                sources.add(new HadoopAnnotationSource(storage, file.path(), name, file.bytes()));
            }
        }
        PictureNames names = new PictureNames(() -> {
            List<String> given = pictures.map(AnnotationFiles::names).orElse(List.of());
            return given.isEmpty()
                    ? sources.stream().map(HadoopAnnotationSource::name).toList()
                    : given;
        });
        AnnotationPlan plan = AnnotationPlan.of(sources, names, format, limits);
        for (AnnotationInput input : plan.inputs()) {
            LOG.info("Reading {} as {}: {}", input.name(), input.format(), input.why());
        }
        if (!plan.unread().isEmpty()) {
            LOG.warn("Not read, as no format knows them: {}", shortened(plan.unread()));
        }
        return plan.inputs();
    }

    private static List<String> names(ImageSource pictures) {
        try {
            return pictures.names();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    "Cannot list the pictures at " + pictures.root() + ": " + unreadable.getMessage(), unreadable);
        }
    }

    /** The first few names and how many more there are. */
    public static String shortened(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
        return names.size() <= NAMED ? first : first + " and " + (names.size() - NAMED) + " more";
    }
}
