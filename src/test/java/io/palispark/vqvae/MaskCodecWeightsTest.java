package io.palispark.vqvae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palispark.SharedFolder;
import io.palispark.tensor.NpzFile;
import io.palispark.tensor.TensorFileException;
import io.palispark.token.SegmentationCodes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class MaskCodecWeightsTest {

    @Test
    void theBundledWeightsSayThatTheyAreAStandIn() {
        MaskCodecWeights weights = MaskCodecWeights.standIn();
        assertThat(weights.isStandIn()).isTrue();
        assertThat(weights.isOfficial()).isFalse();
        assertThat(weights.sha256()).isEqualTo("3da03ba8b035cc2054aebf6f0562af51aae8918a1d75dff621db6072bf552ea7");
    }

    @Test
    void halfPrecisionIsWidenedAndDecodesAlmostTheSame() throws IOException {
        MaskCodecWeights half = MaskCodecWeights.read(SharedFolder.require("demo/standin-mask-codec-f16.npz"));
        assertThat(half.isStandIn()).isTrue();
        List<SegmentationCodes> codes =
                List.of(SegmentationCodes.of(IntStream.range(3, 19).toArray()));
        float[] narrow = MaskCodec.of(half).decoder().decode(codes).get(0);
        float[] wide = MaskCodec.standIn().decoder().decode(codes).get(0);
        for (int i = 0; i < wide.length; i++) {
            assertThat(Math.abs(narrow[i] - wide[i])).isLessThan(0.02f);
        }
    }

    @Test
    void trainingStateIsNotNeededAndUnknownKeysAreIgnored() throws IOException {
        byte[] file = rewritten("_vq_vae._ema_w.npy", "unknown.npy");
        assertThat(MaskCodecWeights.of(NpzFile.read("other", file)).isStandIn()).isFalse();
    }

    @Test
    void aMissingLayerIsNamed() throws IOException {
        assertRefused("encoder.2.bias.npy", "there is no array encoder.2.bias");
        assertRefused("_vq_vae._embedding.npy", "there is no array _vq_vae._embedding");
    }

    @Test
    void layersThatDoNotJoinAreNamed() throws IOException {
        assertRefused("encoder.4.weight.npy", "encoder.6 takes 64 channels and is given 32");
        assertRefused("decoder.12.weight.npy", "its decoder does not join a 64 x 64 mask and a 4 x 4 grid");
    }

    private static void assertRefused(String withoutEntry, String reason) throws IOException {
        byte[] file = rewritten(withoutEntry, "");
        assertThatThrownBy(() -> MaskCodecWeights.of(NpzFile.read("broken.npz", file)))
                .isInstanceOf(TensorFileException.class)
                .hasMessageStartingWith("Cannot read broken.npz: ")
                .hasMessageContaining(reason);
    }

    /** The stand-in with one entry under another name, or without it where the name is empty. */
    private static byte[] rewritten(String entryName, String newName) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (InputStream resource = MaskCodecWeights.class.getResourceAsStream("/io/palispark/standin/mask-codec.npz");
                ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(resource.readAllBytes()));
                ZipOutputStream out = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
            out.setLevel(1);
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String name = entry.getName().equals(entryName) ? newName : entry.getName();
                if (!name.isEmpty()) {
                    out.putNextEntry(new ZipEntry(name));
                    in.transferTo(out);
                }
            }
        }
        return bytes.toByteArray();
    }
}
