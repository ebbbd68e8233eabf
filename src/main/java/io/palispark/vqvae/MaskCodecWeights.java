package io.palispark.vqvae;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.GraphValue;
import io.palispark.tensor.NpzFile;
import io.palispark.tensor.OnnxGraph;
import io.palispark.tensor.Tensor;
import io.palispark.tensor.TensorFileException;
import io.palispark.token.SegmentationCodes;
import io.palispark.token.TokenVocabulary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * A weights file of the mask codec, its layers read off its keys and shapes. Keys that neither network needs, such as
 * the training state of the codebook, are ignored; float16 is widened.
 */
public final class MaskCodecWeights {

    /** Hash of {@code vae-oid.npz} as Google publishes it with big_vision. */
    public static final String OFFICIAL_SHA256 = "5586010257b8536dddefab65e7755077f21d5672d5674dacf911f73ae95a4447";

    /** Hashes of the self-trained stand-in, in float32 (in the jar) and float16. */
    private static final Set<String> STAND_IN_SHA256 = Set.of(
            "3da03ba8b035cc2054aebf6f0562af51aae8918a1d75dff621db6072bf552ea7",
            "f19afd1428d7a8fabdaf7a993987fdb89c64e454faa403e1843602f0e57765a6");

    private static final String STAND_IN = "/io/palispark/standin/mask-codec.npz";
    private static final String CODEBOOK = "_vq_vae._embedding";

    /** Side of the mask that the networks see. */
    static final int SIDE = 64;

    private final String name;
    private final String sha256;
    private final Tensor codebook;
    private final LayerChain encoder;
    private final LayerChain decoder;

    private MaskCodecWeights(NpzFile file) throws TensorFileException {
        this.name = file.name();
        this.sha256 = file.sha256();
        this.codebook = float32(file.tensor(CODEBOOK));
        this.encoder = LayerChain.read(file, "encoder.", false);
        this.decoder = LayerChain.read(file, "decoder.", true);
        check();
    }

    /** Reads a file. Throws {@link TensorFileException} for one that is damaged or no mask codec. */
    public static MaskCodecWeights read(Path file) throws IOException {
        return new MaskCodecWeights(NpzFile.read(file));
    }

    /** The weights of an archive already read. */
    public static MaskCodecWeights of(NpzFile file) throws TensorFileException {
        return new MaskCodecWeights(file);
    }

    /** The stand-in that the jar carries: same architecture as Google's, other codes. */
    public static MaskCodecWeights standIn() {
        try (InputStream resource = MaskCodecWeights.class.getResourceAsStream(STAND_IN)) {
            return new MaskCodecWeights(NpzFile.read("stand-in mask codec", resource.readAllBytes()));
        } catch (IOException damagedJar) {
            throw new UncheckedIOException(damagedJar);
        }
    }

    /** The file as it was named, for manifests and messages. */
    public String name() {
        return name;
    }

    /** Of the file's bytes, lower-case hexadecimal. */
    public String sha256() {
        return sha256;
    }

    /** True for our own stand-ins: their tokens mean nothing to a PaliGemma checkpoint. */
    public boolean isStandIn() {
        return STAND_IN_SHA256.contains(sha256);
    }

    /** True for the file that PaliGemma was trained with. */
    public boolean isOfficial() {
        return sha256.equals(OFFICIAL_SHA256);
    }

    /**
     * Masks to codes: {@code masks} (n, 1, 64, 64) of 0 to 1; {@code codes} (n, 16) int64, the nearest codebook vector by
     * squared distance, the first on ties; {@code distances} (n, 16, 128), those squared distances less the squared
     * length of the encoded vector, which moves all 128 alike and costs the comparison no bits when left out.
     */
    OnnxGraph encoderGraph() {
        OnnxGraph graph = new OnnxGraph("mask-encoder");
        GraphValue masks = graph.input("masks", ElementType.FLOAT32, OnnxGraph.ANY, 1, SIDE, SIDE);
        GraphValue centred =
                graph.node("Sub", masks, graph.constant(Tensor.scalar(0.5f))).output();
        GraphValue input =
                graph.node("Mul", centred, graph.constant(Tensor.scalar(2))).output();
        GraphValue features = encoder.appendRest(graph, encoder.appendFirst(graph, input));
        GraphValue flat = graph.node(
                        "Reshape", features, graph.integers(0, codebook.extent(1), SegmentationCodes.COUNT))
                .output();
        GraphValue vectors =
                graph.node("Transpose", flat).integers("perm", 0, 2, 1).output();
        GraphValue products = graph.node("MatMul", vectors, graph.weight("codebook", minusTwiceTransposed()))
                .output();
        GraphValue distances =
                graph.node("Add", products, graph.constant(squaredLengths())).output();
        GraphValue codes = graph.node("ArgMin", distances)
                .integer("axis", 2)
                .integer("keepdims", 0)
                .integer("select_last_index", 0)
                .output();
        graph.output("codes", codes, ElementType.INT64, OnnxGraph.ANY, SegmentationCodes.COUNT);
        graph.output(
                "distances",
                distances,
                ElementType.FLOAT32,
                OnnxGraph.ANY,
                SegmentationCodes.COUNT,
                TokenVocabulary.SEGMENTS);
        return graph;
    }

    /**
     * Codes to masks: {@code codes} (n, 16) int64 of 0 to 127; {@code masks} (n, 1, 64, 64), foreground above 0. The first
     * layer sees one code at a time, so it runs over the 128 vectors of the codebook once, when the session folds its
     * constants, and a code picks its row.
     */
    OnnxGraph decoderGraph() {
        OnnxGraph graph = new OnnxGraph("mask-decoder");
        GraphValue codes = graph.input("codes", ElementType.INT64, OnnxGraph.ANY, SegmentationCodes.COUNT);
        GraphValue entries = graph.weight("codebook", codebook.reshaped(codebook.extent(0), codebook.extent(1), 1, 1));
        GraphValue table =
                graph.node("Flatten", decoder.appendFirst(graph, entries)).output();
        GraphValue rows = graph.node("Gather", table, codes).output();
        GraphValue channels =
                graph.node("Transpose", rows).integers("perm", 0, 2, 1).output();
        GraphValue grid = graph.node(
                        "Reshape", channels, graph.integers(0, 0, SegmentationCodes.GRID, SegmentationCodes.GRID))
                .output();
        graph.output("masks", decoder.appendRest(graph, grid), ElementType.FLOAT32, OnnxGraph.ANY, 1, SIDE, SIDE);
        return graph;
    }

    private void check() throws TensorFileException {
        if (codebook.rank() != 2 || codebook.extent(0) != TokenVocabulary.SEGMENTS) {
            throw new TensorFileException(
                    name,
                    CODEBOOK + " has shape " + codebook + "; the vocabulary has " + TokenVocabulary.SEGMENTS
                            + " segmentation tokens");
        }
        int halvings = Integer.numberOfTrailingZeros(SIDE / SegmentationCodes.GRID);
        boolean encodes =
                encoder.inputs() == 1 && encoder.outputs() == codebook.extent(1) && encoder.resizings() == halvings;
        boolean decodes = decoder.inputs() == codebook.extent(1)
                && decoder.outputs() == 1
                && decoder.resizings() == halvings
                && decoder.beginsPointwise();
        if (!encodes || !decodes) {
            throw new TensorFileException(
                    name,
                    "its " + (encodes ? "decoder" : "encoder") + " does not join a 64 x 64 mask and a 4 x 4 grid of "
                            + codebook.extent(1) + " numbers");
        }
    }

    private Tensor minusTwiceTransposed() {
        int rows = (int) codebook.extent(0);
        int columns = (int) codebook.extent(1);
        float[] vectors = codebook.floats();
        float[] transposed = new float[vectors.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                transposed[column * rows + row] = -2 * vectors[row * columns + column];
            }
        }
        return Tensor.of(transposed, columns, rows);
    }

    private Tensor squaredLengths() {
        int rows = (int) codebook.extent(0);
        float[] vectors = codebook.floats();
        int columns = vectors.length / rows;
        float[] lengths = new float[rows];
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                sum += (double) vectors[i] * vectors[i];
            }
            lengths[row] = (float) sum;
        }
        return Tensor.of(lengths, rows);
    }

    /** A copy as float32 outside the heap, as sessions want weights. */
    static Tensor float32(Tensor tensor) {
        return Tensor.of(tensor.floats(), tensor.shape());
    }
}
