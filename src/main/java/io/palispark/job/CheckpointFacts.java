package io.palispark.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.dataset.StableHash;
import io.palispark.paligemma.Checkpoint;
import io.palispark.paligemma.CheckpointConfig;
import io.palispark.paligemma.TextConfig;
import io.palispark.paligemma.VisionConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What a checkpoint folder holds, as manifests and {@code inspect checkpoint} tell it. */
final class CheckpointFacts {

    private static final int BLOCK = 1 << 16;
    private static final int BLOCKS = 64;

    private CheckpointFacts() {}

    static void put(ObjectNode node, Checkpoint checkpoint) {
        CheckpointConfig config = checkpoint.config();
        TextConfig text = config.text();
        VisionConfig vision = config.vision();
        node.put("family", text.family().name().toLowerCase(Locale.ROOT));
        node.put("parameters", checkpoint.parameters());
        ObjectNode tensors = node.putObject("tensors");
        checkpoint
                .elementTypes()
                .forEach((type, count) -> tensors.put(type.name().toLowerCase(Locale.ROOT), count));
        node.put("image_size", vision.imageSize()).put("image_tokens", vision.tokens());
        node.putObject("text")
                .put("width", text.width())
                .put("layers", text.layers())
                .put("heads", text.heads())
                .put("key_value_heads", text.keyValueHeads())
                .put("head_size", text.headSize())
                .put("vocabulary", text.vocabulary())
                .put("own_head", checkpoint.ownHead());
        node.putObject("vision")
                .put("width", vision.width())
                .put("layers", vision.layers())
                .put("heads", vision.heads())
                .put("patch_size", vision.patchSize());
        node.putPOJO("end_ids", config.endIds().stream().sorted().toList());
    }

    /**
     * Tells two folders apart without reading all of their weights: a hash of the names and lengths of the files, and of
     * the content of each, of large ones {@value #BLOCKS} blocks spread evenly.
     */
    static String fingerprint(Path folder) throws IOException {
        MessageDigest digest = StableHash.sha256();
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.filter(Files::isRegularFile)
                    .sorted((one, other) -> one.getFileName()
                            .toString()
                            .compareTo(other.getFileName().toString()))
                    .toList();
        }
        for (Path file : files) {
            add(digest, file);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long length = channel.size();
            digest.update((file.getFileName() + "\n" + length + "\n").getBytes(StandardCharsets.UTF_8));
            long step = Math.max(BLOCK, length / BLOCKS);
            for (long at = 0; at < length; at += step) {
                ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK, length - at));
                while (block.hasRemaining() && channel.read(block, at + block.position()) >= 0) {}
                digest.update(block.flip());
            }
        }
    }
}
