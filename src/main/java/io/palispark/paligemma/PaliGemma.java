package io.palispark.paligemma;

import io.palispark.image.BicubicResize;
import io.palispark.image.Normalisation;
import io.palispark.image.PassOrder;
import io.palispark.image.RgbImage;
import io.palispark.tensor.Device;
import io.palispark.tensor.InferenceException;
import io.palispark.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A checkpoint ready to answer on one device: pictures and prompts in, tokens out. Safe for concurrent use. */
public final class PaliGemma implements AutoCloseable {

    private final Checkpoint checkpoint;
    private final PaliGemmaProcessor processor;
    private final PictureInput input;
    private final VisionTower vision;
    private final LanguageModel language;

    private PaliGemma(Checkpoint checkpoint, PaliGemmaProcessor processor, VisionTower vision, LanguageModel language) {
        this.checkpoint = checkpoint;
        this.processor = processor;
        this.vision = vision;
        this.language = language;
        this.input = new PictureInput(
                checkpoint.config().vision().imageSize(),
                new BicubicResize(PassOrder.PILLOW_13),
                Normalisation.RESCALE_THEN_NORMALISE);
    }

    /** Opens a checkpoint folder in the Hugging Face layout, in float32. */
    public static PaliGemma open(Path folder, Device device) throws IOException {
        return open(folder, ModelSettings.on(device));
    }

    /**
     * Opens a checkpoint folder. Throws {@link InferenceException} when the precision is not
     * {@linkplain Precision#isFor for} the device.
     */
    public static PaliGemma open(Path folder, ModelSettings settings) throws IOException {
        Device device = settings.device();
        Precision precision = settings.precision();
        if (!precision.isFor(device)) {
            throw new InferenceException("Cannot open " + folder + " on " + device
                    + ": ONNX Runtime does not compute in " + precision + " there");
        }
        PaliGemmaProcessor processor = PaliGemmaProcessor.load(folder);
        Checkpoint checkpoint = settings.adapter().isPresent()
                ? Checkpoint.open(folder, settings.adapter().get())
                : Checkpoint.open(folder);
        int tokens = checkpoint.config().vision().tokens();
        if (processor.imageTokens() != tokens) {
            throw new CheckpointException(
                    folder.toString(),
                    "its processor gives a picture " + processor.imageTokens() + " tokens and its model " + tokens);
        }
        int largest = processor.tokenizer().largestAnswerId();
        if (largest >= checkpoint.config().text().vocabulary()) {
            throw new CheckpointException(
                    folder.toString(),
                    "its tokenizer has a token " + largest + " and its model "
                            + checkpoint.config().text().vocabulary() + " tokens");
        }
        ModelBuild build = ModelBuild.of(checkpoint, settings);
        return new PaliGemma(checkpoint, processor, VisionTower.open(build), LanguageModel.open(build));
    }

    public Checkpoint checkpoint() {
        return checkpoint;
    }

    public CheckpointConfig config() {
        return checkpoint.config();
    }

    public PaliGemmaTokenizer tokenizer() {
        return processor.tokenizer();
    }

    public LanguageModel language() {
        return language;
    }

    /** Pixels along each side of the square that the model sees. */
    public int side() {
        return input.side();
    }

    /** The square that the model sees of a picture; a small stand-in for the picture until its turn comes. */
    public RgbImage square(RgbImage picture) {
        return input.resize().toSquare(picture, input.side());
    }

    /**
     * The features of pictures, computed in one call; each is good for any number of prompts.
     *
     * @param pictures of any size, or squares of {@link #square}
     * @return for each picture [tokens, width]
     */
    public List<Tensor> features(List<RgbImage> pictures) {
        Tensor all = vision.features(input.pixels(pictures));
        int tokens = processor.imageTokens();
        List<Tensor> features = new ArrayList<>(pictures.size());
        for (int i = 0; i < pictures.size(); i++) {
            features.add(all.slice(i * tokens, tokens));
        }
        return features;
    }

    /**
     * A prompt about one picture.
     *
     * @param prefix as a user writes it: no markers, no line break
     * @param features of the picture
     */
    public PromptRow prompt(String prefix, Tensor features) {
        return new PromptRow(processor.promptIds(prefix), List.of(features));
    }

    /** When rows end: after so many new tokens, or at an end token of the checkpoint. */
    public GenerationLimits limits(int newTokens) {
        return new GenerationLimits(newTokens, config().endIds());
    }

    /** Writes on from prompts in one batch, see {@link Generator#generate}. */
    public List<Generated> generate(List<Generator.Request> requests, TokenChoice choice, GenerationLimits limits) {
        return new Generator(language).generate(requests, choice, limits);
    }

    /** Writes on from prompts, so many at a time, see {@link Generator#generate}. */
    public List<Generated> generate(
            List<Generator.Request> requests, int places, TokenChoice choice, GenerationLimits limits) {
        return new Generator(language).generate(requests, places, choice, limits);
    }

    /** Writes on from each prompt by itself, the best sequence that the search finds. */
    public List<Generated> search(List<Generator.Request> requests, BeamSearch search, GenerationLimits limits) {
        return requests.stream()
                .map(request -> search.search(language, request, limits).get(0).generated())
                .toList();
    }

    @Override
    public void close() throws IOException {
        language.close();
        vision.close();
        processor.close();
        checkpoint.close();
    }
}
