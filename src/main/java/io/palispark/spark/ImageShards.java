package io.palispark.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.image.ContentRead;
import io.palispark.image.ImageContent;
import io.palispark.image.ImageFault;
import io.palispark.image.ImageLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pictures of a dataset written by {@code shard}, by name. Shards hold runs of the sorted names, so a name leads to one
 * shard; its index is read once and kept, as long as it is among the last used.
 */
public final class ImageShards implements ImageSource {

    private static final long serialVersionUID = 1L;

    /** What the manifest of such a dataset says it is. */
    public static final String KIND = "images";

    private static final int KEPT_INDEXES = 32;

    private final Storage storage;
    private final String root;
    private final ImageLimits limits;
    private final List<Shard> shards;
    private transient Map<String, Map<String, ShardedImage>> indexes;

    private ImageShards(Storage storage, String root, ImageLimits limits, List<Shard> shards) {
        this.storage = storage;
        this.root = root;
        this.limits = limits;
        this.shards = shards;
    }

    /** One shard of the manifest; names from first to last, inclusive. */
    private record Shard(String path, String index, ShardFormat format, String first, String last)
            implements Serializable {}

    private record Place(ImageShards source, Shard shard, ShardedImage image, ReadingNotes notes) implements Found {

        @Override
        public String name() {
            return image.image();
        }

        @Override
        public String version() {
            return image.facts().sha256();
        }

        @Override
        public long bytes() {
            return image.bytes();
        }

        @Override
        public ContentRead read() throws IOException {
            notes.reading(image.image());
            return source.read(this);
        }
    }

    /** The shards of a folder; empty where it has no manifest of image shards. */
    public static Optional<ImageShards> open(Storage storage, String root, ImageLimits limits) throws IOException {
        if (storage.find(root + "/manifest.json").isEmpty()) {
            return Optional.empty();
        }
        JsonNode manifest = new ObjectMapper().readTree(storage.read(root + "/manifest.json"));
        if (!manifest.path("kind").asText().equals(KIND)) {
            return Optional.empty();
        }
        List<Shard> shards = new ArrayList<>();
        for (JsonNode shard : manifest.path("shards")) {
            shards.add(new Shard(
                    root + "/" + shard.path("path").asText(),
                    root + "/" + shard.path("index").path("path").asText(),
                    ShardFormat.valueOf(manifest.path("format").asText()),
                    shard.path("first").asText(),
                    shard.path("last").asText()));
        }
        return Optional.of(new ImageShards(storage, root, limits, shards));
    }

    @Override
    public String root() {
        return root;
    }

    @Override
    public ImageLimits limits() {
        return limits;
    }

    @Override
    public Optional<Found> named(String name) throws IOException {
        int low = 0;
        int high = shards.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Shard shard = shards.get(middle);
            if (name.compareTo(shard.first()) < 0) {
                high = middle - 1;
            } else if (name.compareTo(shard.last()) > 0) {
                low = middle + 1;
            } else {
                return Optional.ofNullable(index(shard).get(name))
                        .map(image -> new Place(this, shard, image, ReadingNotes.ofTask(storage)));
            }
        }
        return Optional.empty();
    }

    @Override
    public List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        for (Shard shard : shards) {
            names.addAll(read(shard).keySet());
        }
        names.sort(Comparator.naturalOrder());
        return names;
    }

    @Override
    public String version() throws IOException {
        return storage.sha256(root + "/manifest.json");
    }

    private ContentRead read(Place place) throws IOException {
        if (place.image().bytes() > limits.maximumBytes()) {
            return new ImageFault(
                    ImageFault.Kind.TOO_MANY_BYTES,
                    "the picture has " + place.image().bytes() + " bytes, the limit is " + limits.maximumBytes());
        }
        byte[] bytes = switch (place.shard().format()) {
            case WEBDATASET ->
                storage.read(
                        place.shard().path(), place.image().at(), place.image().bytes());
            case PARQUET ->
                ParquetImages.read(storage, place.shard().path(), place.image().image());
        };
        return new ImageContent(bytes);
    }

    private synchronized Map<String, ShardedImage> index(Shard shard) throws IOException {
        if (indexes == null) {
            indexes = new LinkedHashMap<>(KEPT_INDEXES, 0.75f, true);
        }
        Map<String, ShardedImage> index = indexes.get(shard.index());
        if (index == null) {
            index = read(shard);
            indexes.put(shard.index(), index);
            if (indexes.size() > KEPT_INDEXES) {
                indexes.remove(indexes.keySet().iterator().next());
            }
        }
        return index;
    }

    private Map<String, ShardedImage> read(Shard shard) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Map<String, ShardedImage> index = new HashMap<>();
        try (InputStream stream = storage.open(shard.index())) {
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.lines().toList()) {
                ShardedImage image = ShardedImage.ofIndexLine(json.readTree(line));
                index.put(image.image(), image);
            }
        }
        return index;
    }
}
