/** Samples to training rows: tasks and prompts, object order, token budget, splits and the ledger that must add up. */
package io.palispark.dataset;
