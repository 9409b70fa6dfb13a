package io.hdl.spark;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Writes random tables with Spark and, beside each, what Spark reads from every version of it.
 *
 * <p>Arguments: a folder, the first seed, the number of tables. Prints one line a table.
 */
public final class SparkWriter {
  private SparkWriter() {}

  /** See the class. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]).toAbsolutePath();
    long first = Long.parseLong(args[1]);
    int count = Integer.parseInt(args[2]);
    Files.createDirectories(folder);
    SparkSession spark = session(folder);
    int failed = 0;
    for (long seed = first; seed < first + count; seed++) {
      long start = System.nanoTime();
      Path table = folder.resolve(Long.toString(seed));
      try {
        TableScript script = new TableScript(spark, table, seed);
        script.run();
        System.out.printf(
            "seed %d: %d versions, %d ms%n",
            seed, script.versions(), (System.nanoTime() - start) / 1_000_000);
      } catch (Exception e) {
        failed++;
        System.out.printf("seed %d: FAILED %s%n", seed, e);
        e.printStackTrace();
      }
      System.out.flush();
    }
    spark.stop();
    System.exit(failed == 0 ? 0 : 1);
  }

  private static SparkSession session(Path folder) {
    SparkSession spark =
        SparkSession.builder()
            .appName("spark-writer")
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.local.dir", folder.resolve("spark-local").toString())
            .config("spark.sql.warehouse.dir", folder.resolve("spark-warehouse").toString())
            .config("spark.sql.catalogImplementation", "in-memory")
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.datetime.java8API.enabled", "true")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.databricks.delta.snapshotPartitions", "1")
            .config("spark.databricks.delta.schema.typeCheck.enabled", "true")
            .config("spark.databricks.delta.retentionDurationCheck.enabled", "false")
            // The reader of parquet-java: with the vectorized one Spark could not read its own log
            // back
            // for one of these tables (seed 2).
            .config("spark.sql.parquet.enableVectorizedReader", "false")
            // Compiling a plan takes longer than running it over so few rows.
            .config("spark.sql.codegen.wholeStage", "false")
            .config("spark.sql.adaptive.enabled", "false")
            .config("spark.log.level", "ERROR")
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    return spark;
  }
}
