package io.palispark.paligemma;

import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.palispark.tensor.InferenceException;
import io.palispark.tensor.ObjectBatch;
import io.palispark.tensor.ObjectModel;

/**
 * Questions to answers through a DJL {@code Predictor} of a model of {@link PaliGemmaEngine}. What
 * {@code batchPredict} is given goes through the model as one batch.
 *
 * @param newTokens most tokens of an answer
 * @param choice how a token is chosen; row {@code i} of a batch draws from the seed's stream {@code i}
 * @param constraint which shapes an answer may have
 */
public record PaliGemmaTranslator(int newTokens, TokenChoice choice, Constraint constraint)
        implements Translator<Question, Answer> {

    /** The likeliest token each time, detection and segmentation prompts held to their grammar. */
    public static PaliGemmaTranslator greedy(int newTokens) {
        return new PaliGemmaTranslator(newTokens, new TokenChoice.Greedy(), Constraint.AUTO);
    }

    @Override
    public Batchifier getBatchifier() {
        return new ObjectBatch();
    }

    @Override
    public NDList processInput(TranslatorContext context, Question question) {
        return ObjectBatch.of(
                new PaliGemmaEngine.Prepared(model(context).square(question.picture()), question.prefix(), this));
    }

    @Override
    public Answer processOutput(TranslatorContext context, NDList output) {
        Generated generated = ObjectBatch.only(output, Generated.class);
        if (generated.end() == EndReason.NOT_FINITE) {
            throw new InferenceException("Cannot answer: the logits after " + generated.ids().length
                    + " tokens are not finite; float16 ends at 65504, take bfloat16 or float32");
        }
        return new Answer(model(context).tokenizer().text(generated.textIds()), generated);
    }

    private static PaliGemma model(TranslatorContext context) {
        if (context.getModel() instanceof ObjectModel<?> model && model.loaded() instanceof PaliGemma paligemma) {
            return paligemma;
        }
        throw new IllegalArgumentException("Cannot translate for the model "
                + context.getModel().getName() + ": it is not one of the engine " + PaliGemmaEngine.NAME);
    }
}
