package io.palispark.job;

import io.palispark.dataset.Draw;
import io.palispark.dataset.PromptPlan;
import io.palispark.image.ContentRead;
import io.palispark.spark.ImageSource;
import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;

/**
 * One source of a mixture while it is prepared.
 *
 * @param number from 0, in the order of the configuration
 * @param prefix what stands before the names of its pictures in rows: where its pictures lie below the folder that those of
 *     all sources share; empty or with a slash at its end
 * @param annotations names of its inputs, as rejects state them
 * @param prompts its tasks and classes
 */
record MixtureSource(
        int number,
        PrepareConfig.Source settings,
        String prefix,
        String annotations,
        ImageSource images,
        PromptPlan prompts,
        Draw draw)
        implements Serializable {

    MixtureSource with(PromptPlan plan) {
        return new MixtureSource(number, settings, prefix, annotations, images, plan, draw);
    }

    MixtureSource with(Draw decided) {
        return new MixtureSource(number, settings, prefix, annotations, images, prompts, decided);
    }

    /** The file that a picture's first image row names, under its name in rows. */
    Optional<ImageSource.Found> find(PictureRecords picture) throws IOException {
        return picture.images().isEmpty()
                ? Optional.empty()
                : images.find(picture.images().get(0).fileName()).map(found -> new Prefixed(prefix, found));
    }

    /** The file of a name in rows; empty where it is none of this source. */
    Optional<ImageSource.Found> find(String image) throws IOException {
        return image.startsWith(prefix) ? images.named(image.substring(prefix.length())) : Optional.empty();
    }

    private record Prefixed(String prefix, ImageSource.Found found) implements ImageSource.Found {

        @Override
        public String name() {
            return prefix + found.name();
        }

        @Override
        public String version() {
            return found.version();
        }

        @Override
        public long bytes() {
            return found.bytes();
        }

        @Override
        public ContentRead read() throws IOException {
            return found.read();
        }
    }
}
