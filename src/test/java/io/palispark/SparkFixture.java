package io.palispark;

import org.apache.spark.sql.SparkSession;

/** The one Spark session of the test run: {@code local[2]} unless a test asks for another master, no web page. */
public final class SparkFixture {

    private static SparkSession session;

    private SparkFixture() {}

    public static SparkSession session() {
        return on("local[2]");
    }

    /** The session on this master; one on another master is stopped first, as a process has one Spark context. */
    public static synchronized SparkSession on(String master) {
        if (session != null && !session.sparkContext().master().equals(master)) {
            session.stop();
        }
        if (session == null || session.sparkContext().isStopped()) {
            session = SparkSession.builder()
                    .master(master)
                    .appName("palispark tests")
                    .config("spark.ui.enabled", "false")
                    .config("spark.sql.extensions", "io.palispark.spark.PalisparkExtensions")
                    .config("spark.driver.host", "127.0.0.1")
                    .config("spark.driver.bindAddress", "127.0.0.1")
                    .getOrCreate();
        }
        return session;
    }
}
