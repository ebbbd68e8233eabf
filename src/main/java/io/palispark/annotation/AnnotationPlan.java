package io.palispark.annotation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Files sorted into inputs.
 *
 * @param inputs every annotation file is in exactly one
 * @param unread names of files that no format knows, pictures left out
 */
public record AnnotationPlan(List<AnnotationInput> inputs, List<String> unread) {

    /**
     * Looks at names and first keys. JSON documents whose kind cannot be told, and any files where nothing else was found,
     * become inputs of COCO, whose reader says what is wrong with them.
     *
     * @param files all files of the dataset, named relative to its folder; pictures may be among them
     * @param pictures names below the image root
     * @param stated the format that all files are to be read as; empty to tell it from their content
     */
    public static AnnotationPlan of(
            Collection<? extends AnnotationSource> files,
            PictureNames pictures,
            Optional<AnnotationFormat> stated,
            ReadLimits limits)
            throws IOException {
        FileListing listing = new FileListing(files, pictures, stated.isPresent(), limits);
        List<AnnotationInput> inputs = new ArrayList<>();
        for (AnnotationFormat format : stated.map(List::of).orElse(List.of(AnnotationFormat.values()))) {
            inputs.addAll(format.definition().claim(listing));
        }
        for (AnnotationSource file : listing.unclaimed(name -> !PictureNames.isPicture(name))) {
            if (inputs.isEmpty() || (stated.isEmpty() && FileListing.isJson(file.name()))) {
                AnnotationFormat format = stated.orElse(AnnotationFormat.COCO);
                listing.claim(file);
                inputs.add(AnnotationInput.of(format, file, listing.kind(file).why()));
            }
        }
        List<String> unread = listing.unclaimed(name -> !PictureNames.isPicture(name)).stream()
                .map(AnnotationSource::name)
                .toList();
        return new AnnotationPlan(List.copyOf(inputs), unread);
    }

    /** As above, with the pictures that lie among the files. */
    public static AnnotationPlan of(
            Collection<? extends AnnotationSource> files, Optional<AnnotationFormat> stated, ReadLimits limits)
            throws IOException {
        List<String> names = files.stream().map(AnnotationSource::name).toList();
        return of(files, new PictureNames(() -> names), stated, limits);
    }
}
