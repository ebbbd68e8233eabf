package io.palispark.vqvae;

import io.palispark.tensor.Device;
import io.palispark.tensor.ObjectEngine;
import io.palispark.token.SegmentationCodes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The mask codec for DJL: {@code Criteria.optEngine("PaliGemmaMaskCodec")} with a folder that holds {@code vae-oid.npz}
 * as model path, or the file that the option {@code weights} names there.
 */
public final class MaskCodecEngine extends ObjectEngine<MaskCodec> {

    /** What DJL calls it. */
    public static final String NAME = "PaliGemmaMaskCodec";

    private static final String FILE = "vae-oid.npz";
    private static final String WEIGHTS = "weights";

    /** For DJL, which looks it up as a service. */
    public MaskCodecEngine() {
        super(NAME);
    }

    @Override
    protected MaskCodec open(Path folder, Device device, Map<String, ?> options) throws IOException {
        checkOptions(options, List.of(WEIGHTS));
        Object file = options.get(WEIGHTS);
        return MaskCodec.on(device, MaskCodecWeights.read(folder.resolve(file == null ? FILE : file.toString())));
    }

    /** Sessions belong to the process, not to one codec. */
    @Override
    protected void close(MaskCodec codec) {}

    @Override
    protected List<?> forward(MaskCodec codec, List<Object> inputs) {
        return inputs.get(0) instanceof SegmentationCodes
                ? codec.decoder()
                        .decode(inputs.stream()
                                .map(SegmentationCodes.class::cast)
                                .toList())
                : codec.encoder()
                        .encode(inputs.stream().map(float[].class::cast).toList());
    }
}
