package io.hdl.spark;

import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * How data files are written: chosen anew for each commit, so that a table has files of all kinds.
 */
final class WriterSettings {
  private final SparkSession spark;
  private final Random random;
  private final boolean legacyCalendar;

  WriterSettings(SparkSession spark, Random random, boolean legacyCalendar) {
    this.spark = spark;
    this.random = random;
    this.legacyCalendar = legacyCalendar;
  }

  private String one(String... of) {
    return of[random.nextInt(of.length)];
  }

  void choose(List<String> log) {
    StringBuilder chosen = new StringBuilder();
    sql(
        chosen,
        "spark.sql.parquet.compression.codec",
        one("snappy", "zstd", "gzip", "lz4_raw", "uncompressed"));
    sql(
        chosen,
        "spark.sql.parquet.outputTimestampType",
        one("INT96", "TIMESTAMP_MICROS", "TIMESTAMP_MICROS", "TIMESTAMP_MILLIS"));
    sql(chosen, "spark.sql.parquet.writeLegacyFormat", one("true", "false"));
    String calendar = legacyCalendar ? one("LEGACY", "CORRECTED") : "CORRECTED";
    sql(chosen, "spark.sql.parquet.datetimeRebaseModeInWrite", calendar);
    sql(chosen, "spark.sql.parquet.int96RebaseModeInWrite", calendar);
    sql(chosen, "spark.databricks.delta.checkpoint.partSize", one("2", "1000000"));
    sql(chosen, "spark.databricks.delta.checkpointV2.topLevelFileFormat", one("json", "parquet"));
    hadoop(chosen, "parquet.writer.version", one("v1", "v2"));
    hadoop(chosen, "parquet.enable.dictionary", one("true", "true", "false"));
    hadoop(chosen, "parquet.page.size", one("256", "4096", "1048576"));
    hadoop(chosen, "parquet.page.row.count.limit", one("37", "500", "20000"));
    hadoop(chosen, "parquet.page.size.row.check.min", one("10", "100"));
    hadoop(chosen, "parquet.dictionary.page.size", one("64", "1024", "1048576"));
    hadoop(chosen, "parquet.block.size", one("2048", "30000", "134217728"));
    hadoop(chosen, "parquet.page.write-checksum.enabled", one("true", "false"));
    hadoop(chosen, "parquet.bloom.filter.enabled", one("true", "false", "false"));
    log.add(chosen.toString());
  }

  private void sql(StringBuilder chosen, String key, String value) {
    spark.conf().set(key, value);
    chosen.append(key.substring(key.lastIndexOf('.') + 1)).append('=').append(value).append(' ');
  }

  private void hadoop(StringBuilder chosen, String key, String value) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    hadoop.set(key, value);
    chosen.append(key).append('=').append(value).append(' ');
  }
}
