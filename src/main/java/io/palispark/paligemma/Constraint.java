package io.palispark.paligemma;

import io.palispark.token.PromptClasses;
import java.util.List;
import java.util.Optional;

/** What an answer may say: nothing but whole objects, or anything. */
public enum Constraint {
    /** Anything. */
    OFF,
    /** Boxes with labels, whatever the prompt asks. */
    DETECT,
    /** Boxes with masks and labels, whatever the prompt asks. */
    SEGMENT,
    /** What the prompt asks for: objects after {@code detect} and {@code segment}, anything else after other prompts. */
    AUTO;

    /** The grammar of the answer to a prompt; labels are the classes that it names, or any words where it names none. */
    public TokenGrammar grammar(String prefix, PaliGemmaTokenizer tokenizer, GenerationLimits limits) {
        Optional<PromptClasses> asked = PromptClasses.parse(prefix);
        List<String> classes = asked.map(PromptClasses::classes).orElse(List.of());
        Optional<PromptClasses> answered = switch (this) {
            case OFF -> Optional.empty();
            case DETECT -> Optional.of(new PromptClasses(PromptClasses.Task.DETECT, classes));
            case SEGMENT -> Optional.of(new PromptClasses(PromptClasses.Task.SEGMENT, classes));
            case AUTO -> asked;
        };
        return answered.<TokenGrammar>map(objects ->
                        ObjectGrammar.of(ObjectTokens.of(tokenizer, limits.endIds(), objects), limits.newTokens()))
                .orElse(TokenGrammar.FREE);
    }
}
