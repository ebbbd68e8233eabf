package io.palispark;

import org.apache.spark.sql.SparkSession;

/** The one Spark session of the test run: {@code local[2]}, no web page, stopped by the JVM's end. */
public final class SparkFixture {

    private static final SparkSession SESSION = SparkSession.builder()
            .master("local[2]")
            .appName("palispark tests")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();

    private SparkFixture() {}

    public static SparkSession session() {
        return SESSION;
    }
}
