package io.palispark.job;

import java.io.Serializable;
import java.util.TreeMap;

/**
 * IoU values gathered by group (size class) and variant (how the tokens were made and pasted): exact means, percentiles
 * to a thousandth. Merging in part order gives the same numbers on any cluster.
 */
final class AuditSums implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final int BINS = 1000;

    private final TreeMap<String, TreeMap<String, Distribution>> groups = new TreeMap<>();

    void add(String group, String variant, double value) {
        distribution(group, variant).add(value);
    }

    void merge(AuditSums other) {
        other.groups.forEach((group, variants) -> variants.forEach(
                (variant, values) -> distribution(group, variant).merge(values)));
    }

    /** Group to variant to values, both sorted by name. */
    TreeMap<String, TreeMap<String, Distribution>> groups() {
        return groups;
    }

    private Distribution distribution(String group, String variant) {
        return groups.computeIfAbsent(group, absent -> new TreeMap<>())
                .computeIfAbsent(variant, absent -> new Distribution());
    }

    /** Values between 0 and 1. */
    static final class Distribution implements Serializable {

        private static final long serialVersionUID = 1L;

        private final long[] histogram = new long[BINS + 1];
        private long count;
        private double sum;

        void add(double value) {
            histogram[(int) Math.round(value * BINS)]++;
            count++;
            sum += value;
        }

        void merge(Distribution other) {
            for (int bin = 0; bin <= BINS; bin++) {
                histogram[bin] += other.histogram[bin];
            }
            count += other.count;
            sum += other.sum;
        }

        long count() {
            return count;
        }

        double mean() {
            return count == 0 ? Double.NaN : sum / count;
        }

        /** The smallest value, to a thousandth, that at least {@code share} of all values do not exceed. */
        double percentile(double share) {
            long needed = (long) Math.ceil(share * count);
            long seen = 0;
            for (int bin = 0; bin <= BINS; bin++) {
                seen += histogram[bin];
                if (seen >= Math.max(1, needed)) {
                    return (double) bin / BINS;
                }
            }
            return Double.NaN;
        }
    }
}
