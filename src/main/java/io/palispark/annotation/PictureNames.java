package io.palispark.annotation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Names of the pictures below the image root, listed when the first format asks for one. One thread at a time. */
public final class PictureNames {

    private static final Set<String> EXTENSIONS = Set.of("jpg", "jpeg", "png", "webp", "bmp", "gif", "tif", "tiff");

    private final Supplier<? extends Collection<String>> listing;
    private Set<String> names;
    private final Map<String, List<String>> namesByStem = new HashMap<>();

    /** @param listing names with forward slashes, other files among them; called at most once */
    public PictureNames(Supplier<? extends Collection<String>> listing) {
        this.listing = listing;
    }

    static boolean isPicture(String name) {
        return EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    /** The path without its extension. */
    static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > name.lastIndexOf('/') ? name.substring(0, dot) : name;
    }

    static String lastPart(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    static String folder(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }

    boolean contains(String name) {
        return names().contains(name);
    }

    /** The pictures that lie directly in a folder, sorted. */
    List<String> inFolder(String folder) {
        return names().stream()
                .filter(name -> folder(name).equals(folder))
                .sorted()
                .toList();
    }

    /**
     * The picture of a path without extension: at the path, at the path without its first folders, or else the only one
     * that ends like it.
     */
    Optional<String> like(String path) {
        names();
        List<String> candidates = namesByStem.getOrDefault(lastPart(path), List.of());
        for (String end = path; ; end = end.substring(end.indexOf('/') + 1)) {
            for (String name : candidates) {
                if (stem(name).equals(end)) {
                    return Optional.of(name);
                }
            }
            if (end.indexOf('/') < 0) {
                break;
            }
        }
        return onlyEndingLike(path, candidates);
    }

    private static Optional<String> onlyEndingLike(String path, List<String> candidates) {
        for (String end = path; ; end = end.substring(end.indexOf('/') + 1)) {
            String tail = "/" + end;
            List<String> alike = candidates.stream()
                    .filter(name -> stem(name).endsWith(tail))
                    .toList();
            if (!alike.isEmpty() || end.indexOf('/') < 0) {
                return alike.size() == 1 ? Optional.of(alike.get(0)) : Optional.empty();
            }
        }
    }

    private Set<String> names() {
        if (names == null) {
            names = new HashSet<>();
            for (String name : listing.get()) {
                if (isPicture(name) && names.add(name)) {
                    namesByStem
                            .computeIfAbsent(lastPart(stem(name)), stem -> new ArrayList<>(1))
                            .add(name);
                }
            }
        }
        return names;
    }
}
