/** One class per job, its config record and its result record. */
package io.palispark.job;
