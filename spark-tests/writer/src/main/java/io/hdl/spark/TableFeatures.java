package io.hdl.spark;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * What a table uses of the protocol.
 *
 * @param set its properties
 * @param isClustered whether it is clustered instead of partitioned
 * @param hasVariant whether it has a column of variants
 * @param legacyCalendar whether some of its files hold days and times in the calendar of old Spark
 */
record TableFeatures(
    Map<String, String> set, boolean isClustered, boolean hasVariant, boolean legacyCalendar) {
  static TableFeatures random(Random random) {
    Map<String, String> set = new LinkedHashMap<>();
    String mapping = random.nextInt(2) == 0 ? "none" : random.nextBoolean() ? "name" : "id";
    set.put("delta.columnMapping.mode", mapping);
    set.put("delta.enableDeletionVectors", Boolean.toString(random.nextInt(3) != 0));
    set.put("delta.checkpointInterval", Integer.toString(2 + random.nextInt(4)));
    maybe(random, 3, set, "delta.checkpointPolicy", "v2");
    maybe(random, 4, set, "delta.enableRowTracking", "true");
    maybe(random, 3, set, "delta.enableInCommitTimestamps", "true");
    maybe(random, 3, set, "delta.enableTypeWidening", "true");
    maybe(random, 4, set, "delta.enableChangeDataFeed", "true");
    maybe(random, 4, set, "delta.dataSkippingNumIndexedCols", "0");
    maybe(random, 4, set, "delta.checkpoint.writeStatsAsStruct", "true");
    maybe(random, 5, set, "delta.randomizeFilePrefixes", "true");
    if (random.nextInt(5) == 0) {
      set.clear();
    }
    return new TableFeatures(
        set, random.nextInt(6) == 0, random.nextInt(10) == 0, random.nextInt(8) == 0);
  }

  private static void maybe(
      Random random, int oneOf, Map<String, String> set, String key, String value) {
    if (random.nextInt(oneOf) == 0) {
      set.put(key, value);
    }
  }

  boolean isMapped() {
    String mode = set.getOrDefault("delta.columnMapping.mode", "none");
    return !mode.equals("none");
  }

  String properties() {
    return "'hdl.any'='1'"
        + set.entrySet().stream()
            .map(entry -> ", '" + entry.getKey() + "'='" + entry.getValue() + "'")
            .collect(Collectors.joining());
  }

  /** Features that are switched on in the middle of a table's life. */
  String later() {
    return isMapped()
        ? "'delta.enableDeletionVectors'='true', 'delta.enableTypeWidening'='true'"
        : "'delta.columnMapping.mode'='name', 'delta.enableInCommitTimestamps'='true'";
  }
}
