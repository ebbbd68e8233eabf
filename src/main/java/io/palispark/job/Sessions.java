package io.palispark.job;

import io.palispark.spark.PalisparkPlugin;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Spark sessions as the commands need them. */
public final class Sessions {

    /** All cores, and four tries of a task as on a cluster: a file that could not be read may be there a moment later. */
    private static final String EMBEDDED = "local[*, 4]";

    private Sessions() {}

    /** The session of spark-submit where there is one, else an embedded one on all cores without a web page. */
    public static SparkSession open(String name, Optional<String> master) {
        SparkConf conf = new SparkConf().setAppName(name);
        master.ifPresent(conf::setMaster);
        if (!conf.contains("spark.master")) {
            conf.setMaster(EMBEDDED);
        }
        if (conf.get("spark.master").startsWith("local[")) {
            conf.setIfMissing("spark.ui.enabled", "false");
            conf.setIfMissing("spark.driver.host", "127.0.0.1");
            conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
        }
        conf.setIfMissing("spark.plugins", PalisparkPlugin.class.getName());
        // the jobs' own progress line is on the same terminal
        conf.setIfMissing("spark.ui.showConsoleProgress", "false");
        return SparkSession.builder().config(conf).getOrCreate();
    }
}
