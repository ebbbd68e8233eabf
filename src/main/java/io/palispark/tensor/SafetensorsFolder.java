package io.palispark.tensor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The weights of a model folder: {@code model.safetensors}, or the shards that {@code model.safetensors.index.json}
 * names. Names, number and order of the shards do not matter; files the index does not name are not opened.
 */
public final class SafetensorsFolder implements WeightSource, AutoCloseable {

    public static final String SINGLE = "model.safetensors";
    public static final String INDEX = "model.safetensors.index.json";

    private static final long MAX_INDEX_BYTES = 100_000_000;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Map<String, SafetensorsFile> files = new LinkedHashMap<>();
    private final Map<String, SafetensorsFile> byTensor = new LinkedHashMap<>();

    private SafetensorsFolder() {}

    /** True where {@link #open} has something to open. */
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(INDEX)) || Files.exists(folder.resolve(SINGLE));
    }

    /** Opens a folder; what breaks the format is a {@link TensorFileException}. */
    public static SafetensorsFolder open(Path folder) throws IOException {
        SafetensorsFolder opened = new SafetensorsFolder();
        try {
            if (Files.exists(folder.resolve(INDEX))) {
                opened.openShards(folder);
            } else {
                SafetensorsFile single = SafetensorsFile.open(folder.resolve(SINGLE));
                opened.files.put(SINGLE, single);
                single.names().forEach(name -> opened.byTensor.put(name, single));
            }
            return opened;
        } catch (IOException | RuntimeException refused) {
            opened.close();
            throw refused;
        }
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(byTensor.keySet());
    }

    @Override
    public TensorLayout layout(String name) {
        return file(name).layout(name);
    }

    @Override
    public Tensor tensor(String name) throws IOException {
        return file(name).tensor(name);
    }

    @Override
    public List<Tensor> rowBlocks(String name, long blockBytes) throws IOException {
        return file(name).rowBlocks(name, blockBytes);
    }

    @Override
    public void close() throws IOException {
        for (SafetensorsFile file : files.values()) {
            file.close();
        }
    }

    private SafetensorsFile file(String name) {
        SafetensorsFile file = byTensor.get(name);
        if (file == null) {
            throw new IllegalArgumentException("Cannot find tensor " + name + " in the checkpoint");
        }
        return file;
    }

    private void openShards(Path folder) throws IOException {
        Path index = folder.resolve(INDEX);
        for (Map.Entry<String, JsonNode> entry : weightMap(index).properties()) {
            String shardName = shardName(index, entry.getKey(), entry.getValue());
            SafetensorsFile shard = files.get(shardName);
            if (shard == null) {
                shard = openShard(index, folder.resolve(shardName));
                files.put(shardName, shard);
            }
            if (!shard.names().contains(entry.getKey())) {
                throw new TensorFileException(
                        index.toString(), "tensor missing from shard: " + entry.getKey() + " in " + shardName);
            }
            byTensor.put(entry.getKey(), shard);
        }
        if (byTensor.isEmpty()) {
            throw new TensorFileException(index.toString(), "no tensors: weight_map is empty");
        }
    }

    private static SafetensorsFile openShard(Path index, Path shard) throws IOException {
        if (!Files.isRegularFile(shard)) {
            throw new TensorFileException(index.toString(), "shard missing: " + shard.getFileName());
        }
        return SafetensorsFile.open(shard);
    }

    private static JsonNode weightMap(Path index) throws IOException {
        if (Files.size(index) > MAX_INDEX_BYTES) {
            throw new TensorFileException(index.toString(), "index larger than " + MAX_INDEX_BYTES + " bytes");
        }
        try {
            JsonNode map = JSON.readTree(index.toFile()).path("weight_map");
            if (!map.isObject()) {
                throw new TensorFileException(index.toString(), "bad weight_map: not an object");
            }
            return map;
        } catch (JsonProcessingException malformed) {
            throw new TensorFileException(
                    index.toString(), "index is not JSON: " + malformed.getOriginalMessage(), malformed);
        }
    }

    /** A plain file name: what could lead out of the folder is refused, whatever the operating system. */
    private static String shardName(Path index, String tensor, JsonNode value) throws TensorFileException {
        if (!value.isTextual()) {
            throw new TensorFileException(index.toString(), "bad weight_map: " + tensor + " has no file name");
        }
        String name = value.textValue();
        boolean plain = !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
        if (!plain) {
            throw new TensorFileException(
                    index.toString(), "file name outside the folder: \"" + name + "\" for " + tensor);
        }
        return name;
    }
}
