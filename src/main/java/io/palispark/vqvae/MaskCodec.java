package io.palispark.vqvae;

import io.palispark.tensor.Device;

/**
 * Encoder and decoder over one weights file. Cheap to keep and safe for concurrent use; with one thread a call works in
 * the caller's thread alone, which suits Spark tasks that run side by side.
 */
public final class MaskCodec {

    private static final Device ONE_THREAD = new Device.Cpu(1);

    private final MaskCodecWeights weights;
    private final MaskEncoder encoder;
    private final MaskDecoder decoder;

    private MaskCodec(MaskCodecWeights weights, Device device) {
        this.weights = weights;
        this.encoder = new MaskEncoder(weights, device);
        this.decoder = new MaskDecoder(weights, device);
    }

    /** A codec on one device; its sessions are loaded unless the process already has them. */
    public static MaskCodec on(Device device, MaskCodecWeights weights) {
        return new MaskCodec(weights, device);
    }

    /** A codec that works in its caller's thread. */
    public static MaskCodec of(MaskCodecWeights weights) {
        return new MaskCodec(weights, ONE_THREAD);
    }

    /** The codec over the stand-in weights of the jar: read once, then the same for every caller. */
    public static MaskCodec standIn() {
        return StandIn.CODEC;
    }

    private static final class StandIn {
        private static final MaskCodec CODEC = of(MaskCodecWeights.standIn());
    }

    /** What the codec was made of: name, hash, stand-in or official. */
    public MaskCodecWeights weights() {
        return weights;
    }

    public MaskEncoder encoder() {
        return encoder;
    }

    public MaskDecoder decoder() {
        return decoder;
    }
}
