package io.palispark.job;

import io.palispark.annotation.ReasonCode;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Lists a corpus once: a folder, or the paths in a text file. The result is sorted by name. */
final class ImageListing {

    private final Storage storage;
    private final ShardConfig.Input input;

    ImageListing(Storage storage, ShardConfig.Input input) {
        this.storage = storage;
        this.input = input;
    }

    List<ShardPlan.Picture> pictures() throws IOException {
        String root = input.images().replaceAll("/+$", "");
        Optional<Storage.Listed> list = storage.find(root);
        List<ShardPlan.Picture> pictures =
                list.isPresent() ? fromList(list.get().path()) : fromFolder(root);
        pictures.sort(Comparator.comparing(ShardPlan.Picture::name));
        return pictures;
    }

    private List<ShardPlan.Picture> fromFolder(String root) throws IOException {
        List<ShardPlan.Picture> pictures = new ArrayList<>();
        int rootLength = storage.qualified(root).length() + 1;
        for (Storage.Listed file : storage.list(root)) {
            String name = file.path().substring(rootLength);
            if (isWanted(name)) {
                pictures.add(new ShardPlan.Picture(name, file, null));
            }
        }
        return pictures;
    }

    private boolean isWanted(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return input.extensions().isEmpty() || input.extensions().contains(extension);
    }

    private List<ShardPlan.Picture> fromList(String path) throws IOException {
        String folder = path.substring(0, path.lastIndexOf('/'));
        Set<String> seen = new HashSet<>();
        List<ShardPlan.Picture> pictures = new ArrayList<>();
        String text = new String(storage.read(path), StandardCharsets.UTF_8);
        for (String name :
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList()) {
            if (!isSafe(name)) {
                pictures.add(new ShardPlan.Picture(name, null, ReasonCode.IMAGE_NAME_UNSAFE));
            } else if (!seen.add(name)) {
                pictures.add(new ShardPlan.Picture(name, null, ReasonCode.ROW_DUPLICATE));
            } else {
                Optional<Storage.Listed> file = storage.find(folder + "/" + name);
                pictures.add(new ShardPlan.Picture(
                        name, file.orElse(null), file.isPresent() ? null : ReasonCode.IMAGE_MISSING));
            }
        }
        return pictures;
    }

    /** A relative path that stays below its root. */
    private static boolean isSafe(String name) {
        return !name.startsWith("/")
                && !name.contains("\\")
                && !name.contains(":")
                && !List.of(name.split("/", -1)).contains("..");
    }
}
