package io.palispark.job;

import io.palispark.dataset.Ledger;

/**
 * What {@code shard} did.
 *
 * @param manifest path of the published manifest
 * @param fingerprint hash of everything in the manifest but times and application ids
 * @param shards number of shards written
 * @param ledger where every picture went
 */
public record ShardResult(String manifest, String fingerprint, int shards, Ledger ledger) {}
