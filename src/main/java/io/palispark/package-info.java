/** Image corpora to PaliGemma training data, and PaliGemma output back to geometry, on Spark. */
package io.palispark;
