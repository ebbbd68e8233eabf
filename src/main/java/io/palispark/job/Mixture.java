package io.palispark.job;

import io.palispark.dataset.Draw;
import io.palispark.spark.ImageSource;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The sources of a dataset.
 *
 * @param root the folder below which the names in rows lead to the pictures
 */
record Mixture(String root, List<MixtureSource> sources) implements Serializable {

    Mixture {
        sources = List.copyOf(sources);
    }

    /**
     * Opens the pictures of all sources.
     *
     * @param annotations names of the inputs of each source
     * @throws IOException when the pictures cannot be reached or have no folder in common
     */
    static Mixture open(Storage storage, PrepareConfig config, List<ImageSource> images, List<String> annotations)
            throws IOException {
        List<String> roots = new ArrayList<>();
        for (ImageSource source : images) {
            roots.add(storage.qualified(source.root()));
        }
        boolean one = roots.stream().distinct().count() == 1;
        String root = one ? images.get(0).root() : shared(roots);
        List<MixtureSource> sources = new ArrayList<>();
        for (int number = 0; number < images.size(); number++) {
            PrepareConfig.Source settings = config.sources().get(number);
            String below = one ? "" : roots.get(number).substring(root.length());
            sources.add(new MixtureSource(
                    number,
                    settings,
                    below.isEmpty() ? "" : below.substring(1) + "/",
                    annotations.get(number),
                    images.get(number),
                    config.prompts().withTasks(settings.tasks()),
                    Draw.of(settings.name(), config.splitting().plan().seed(), settings.weight())));
        }
        return new Mixture(root, sources);
    }

    /** The longest folder that all lie in. */
    private static String shared(List<String> roots) throws IOException {
        String shared = roots.get(0);
        for (String root : roots) {
            while (!(root + "/").startsWith(shared + "/")) {
                shared = shared.substring(0, Math.max(0, shared.lastIndexOf('/')));
            }
        }
        if (shared.isEmpty() || shared.endsWith(":") || shared.endsWith("/")) {
            throw new IOException("Cannot mix pictures at " + String.join(", ", roots)
                    + ": they have no folder in common below which rows could name them");
        }
        return shared;
    }

    /** More than one source, or one with a name. */
    boolean isNamed() {
        return sources.stream().anyMatch(source -> !source.settings().name().isEmpty());
    }

    MixtureSource of(PictureRecords picture) {
        return sources.get(picture.source());
    }

    /** The names of all inputs. */
    String annotations() {
        return String.join(
                ", ", sources.stream().map(MixtureSource::annotations).toList());
    }

    /** The same sources, each changed. */
    Mixture each(UnaryOperator<MixtureSource> change) {
        return new Mixture(root, sources.stream().map(change).toList());
    }

    /** The file that a picture's first image row names, under its name in rows; empty also for one that is not drawn. */
    Optional<ImageSource.Found> find(PictureRecords picture) throws IOException {
        MixtureSource source = of(picture);
        return source.draw().draws(picture.key()) ? source.find(picture) : Optional.empty();
    }

    /** The file of a name in rows. */
    Optional<ImageSource.Found> find(String image) throws IOException {
        for (MixtureSource source : sources) {
            Optional<ImageSource.Found> found = source.find(image);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
