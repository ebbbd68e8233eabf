/** PaliGemma 1 and 2 in the Hugging Face file layout: tokenizer, checkpoints, prompts and generation. */
package io.palispark.paligemma;
