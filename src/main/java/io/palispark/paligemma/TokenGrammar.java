package io.palispark.paligemma;

/** What a row may say next. Immutable: each token leads to a grammar of its own. */
public interface TokenGrammar {

    /** Everything is allowed, always. */
    TokenGrammar FREE = new TokenGrammar() {
        @Override
        public void mask(float[] logits) {}

        @Override
        public TokenGrammar after(int id) {
            return this;
        }

        @Override
        public boolean isFull(float[] logits) {
            return false;
        }
    };

    /** Sets the logits of tokens that may not come next to -inf; at least one token is left. */
    void mask(float[] logits);

    /** The grammar after one more token, which this one allows. */
    TokenGrammar after(int id);

    /** Whether the most probable token that the grammar has is left out only because the row lacks room for it. */
    boolean isFull(float[] logits);
}
