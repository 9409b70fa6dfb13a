package io.hdl.spark;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** One random table: how it is made, what is done to it, and what Spark reads from each version. */
final class TableScript {
  private static final int FILTERS = 4;

  private final SparkSession spark;
  private final Path folder;
  private final Path table;
  private final String sqlName;
  private final long seed;
  private final Random random;
  private final WriterSettings settings;
  private final TableFeatures features;
  private final RandomSchema names;
  private final RandomValues values;
  private final List<String> done = new ArrayList<>();
  private int versions;
  private long nextKey;
  private boolean vacuumed;

  TableScript(SparkSession spark, Path folder, long seed) {
    this.spark = spark;
    this.folder = folder;
    this.table = folder.resolve("table");
    this.sqlName = "delta.`" + table + "`";
    this.seed = seed;
    this.random = new Random(seed * 7_919 + 17);
    this.features = TableFeatures.random(random);
    this.settings = new WriterSettings(spark, random, features.legacyCalendar());
    this.names = new RandomSchema(random, features.isMapped(), features.isClustered());
    this.values = new RandomValues(random, random.nextBoolean());
  }

  int versions() {
    return versions;
  }

  void run() throws IOException {
    Files.createDirectories(folder);
    settings.choose(done);
    create();
    append();
    int steps = 4 + random.nextInt(5);
    for (int i = 0; i < steps; i++) {
      settings.choose(done);
      step(random.nextInt(26));
    }
    if (random.nextInt(12) == 0) {
      vacuumed = true;
      sql("VACUUM " + sqlName + " RETAIN 0 HOURS");
    }
    export();
  }

  private void sql(String text) {
    done.add(text);
    spark.sql(text).collectAsList();
  }

  private void create() {
    List<String> columns = new ArrayList<>();
    columns.add("`key` BIGINT" + (random.nextInt(3) == 0 ? " NOT NULL" : ""));
    List<RandomSchema.Declared> declared = names.columns();
    declared.forEach(column -> columns.add(column.sql()));
    List<String> partitions = new ArrayList<>();
    if (!features.isClustered()) {
      for (int i = Math.max(0, random.nextInt(5) - 2); i > 0; i--) {
        partitions.add("p" + i + (features.isMapped() && random.nextBoolean() ? " %=" : ""));
        columns.add(
            RandomSchema.quoted(partitions.get(partitions.size() - 1)) + " " + names.partition());
      }
    }
    if (features.hasVariant()) {
      columns.add("`var` VARIANT");
    }
    if (random.nextInt(6) == 0) {
      columns.add("`gen` BIGINT GENERATED ALWAYS AS (`key` * 2)");
    }
    sql(
        "CREATE TABLE "
            + sqlName
            + " ("
            + String.join(", ", columns)
            + ") USING delta"
            + (partitions.isEmpty()
                ? ""
                : " PARTITIONED BY ("
                    + String.join(", ", partitions.stream().map(RandomSchema::quoted).toList())
                    + ")")
            + (features.isClustered() ? " CLUSTER BY (key)" : "")
            + " TBLPROPERTIES ("
            + features.properties()
            + ")");
  }

  private Dataset<Row> current() {
    return spark.read().format("delta").load(table.toString());
  }

  private List<String> partitions() {
    Row detail = spark.sql("DESCRIBE DETAIL " + sqlName).head();
    return detail.getList(detail.fieldIndex("partitionColumns"));
  }

  private Dataset<Row> rows(int count, long firstKey) {
    StructType schema = current().schema();
    List<String> partitions = partitions();
    StructType plain = new StructType();
    int variant = -1;
    for (StructField field : schema.fields()) {
      if (field.dataType().typeName().equals("variant")) {
        variant = plain.size();
      } else if (!field.name().equals("gen")) {
        plain = plain.add(field);
      }
    }
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Row row = values.row(plain, partitions);
      Object[] cells = new Object[plain.size()];
      for (int c = 0; c < cells.length; c++) {
        cells[c] = row.get(c);
      }
      cells[plain.fieldIndex("key")] = firstKey + i;
      rows.add(org.apache.spark.sql.RowFactory.create(cells));
    }
    Dataset<Row> made = spark.createDataFrame(rows, plain);
    if (variant >= 0) {
      made =
          made.withColumn(
              "var", org.apache.spark.sql.functions.expr("parse_json('{\"a\": [1, \"x\"]}')"));
    }
    return made.coalesce(1 + random.nextInt(2));
  }

  private int someRows() {
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> 1;
      case 2 -> 1500 + random.nextInt(3000);
      default -> 20 + random.nextInt(500);
    };
  }

  private void append() {
    int count = someRows();
    done.add("append " + count + " rows");
    rows(count, nextKey).write().format("delta").mode("append").save(table.toString());
    nextKey += count;
  }

  /** What Spark refuses on this table is noted and passed over. */
  private void step(int kind) {
    try {
      take(kind);
    } catch (Exception e) {
      String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      done.add("refused: " + e.getClass().getSimpleName() + ": " + message);
    }
  }

  private void take(int kind) {
    switch (kind) {
      case 0, 1, 2, 3 -> append();
      case 4, 5, 6 -> sql("DELETE FROM " + sqlName + " WHERE " + predicate());
      case 7, 8 -> update();
      case 9, 10 -> merge();
      case 11 -> sql("OPTIMIZE " + sqlName);
      case 12 -> sql("OPTIMIZE " + sqlName + (features.isClustered() ? "" : " ZORDER BY (`key`)"));
      case 13 ->
          sql(
              "ALTER TABLE "
                  + sqlName
                  + " ADD COLUMNS ("
                  + RandomSchema.quoted(names.name("n" + versionsSoFar()))
                  + " "
                  + names.flat()
                  + ")");
      case 14 -> {
        sql(
            "ALTER TABLE "
                + sqlName
                + " RENAME COLUMN "
                + column()
                + " TO "
                + RandomSchema.quoted(names.name("r" + random.nextInt(100))));
        append();
      }
      case 15 -> {
        String column = column();
        sql("ALTER TABLE " + sqlName + " DROP COLUMN " + column);
        sql("ALTER TABLE " + sqlName + " ADD COLUMNS (" + column + " " + names.flat() + ")");
        append();
      }
      case 16, 17 -> {
        widen();
        append();
      }
      case 18 -> sql("ALTER TABLE " + sqlName + " ADD CONSTRAINT positive CHECK (`key` >= 0)");
      case 19 -> {
        sql(
            "RESTORE TABLE "
                + sqlName
                + " TO VERSION AS OF "
                + random.nextInt((int) versionsSoFar() + 1));
        append();
      }
      case 20 -> {
        int count = someRows();
        done.add("overwrite with " + count + " rows");
        rows(count, nextKey).write().format("delta").mode("overwrite").save(table.toString());
        nextKey += count;
      }
      case 21 -> nested();
      case 22 -> sql("ALTER TABLE " + sqlName + " SET TBLPROPERTIES (" + features.later() + ")");
      case 23 -> sql("REORG TABLE " + sqlName + " APPLY (PURGE)");
      case 24 -> {
        int count = someRows();
        long from = nextKey;
        done.add("replaceWhere " + count + " rows");
        rows(count, from)
            .write()
            .format("delta")
            .mode("overwrite")
            .option("replaceWhere", "`key` >= " + from)
            .save(table.toString());
        nextKey += count;
      }
      default -> {
        sql("ALTER TABLE " + sqlName + " ALTER COLUMN " + column() + " FIRST");
        append();
      }
    }
  }

  private long versionsSoFar() {
    Row newest = spark.sql("DESCRIBE HISTORY " + sqlName + " LIMIT 1").head();
    return newest.getLong(newest.fieldIndex("version"));
  }

  /** A column other than the key, quoted. */
  private String column() {
    List<String> others = new ArrayList<>();
    for (StructField field : current().schema().fields()) {
      if (!List.of("key", "gen").contains(field.name())
          && !field.dataType().typeName().equals("variant")) {
        others.add(RandomSchema.quoted(field.name()));
      }
    }
    return others.get(random.nextInt(others.size()));
  }

  private String predicate() {
    return switch (random.nextInt(6)) {
      case 0 -> column() + " IS NULL";
      case 1 -> "`key` < " + random.nextInt((int) nextKey + 1) / 2;
      case 2 -> "hash(" + column() + ") % 3 = 0";
      case 3 -> "`key` % 97 = " + random.nextInt(97);
      default -> "pmod(hash(`key`), 10) < " + (1 + random.nextInt(4));
    };
  }

  private void update() {
    List<StructField> fields = List.of(current().schema().fields());
    List<String> changes = new ArrayList<>();
    for (StructField field : fields) {
      String name = RandomSchema.quoted(field.name());
      if (!List.of("key", "gen").contains(field.name()) && random.nextInt(3) == 0) {
        switch (field.dataType().typeName()) {
          case "string" -> changes.add(name + " = concat('u', substr(" + name + ", 1, 3))");
          case "integer", "long", "short", "byte" -> changes.add(name + " = 1");
          case "double", "float" -> changes.add(name + " = " + name + " / 2");
          case "boolean" -> changes.add(name + " = NOT " + name);
          default -> changes.add(name + " = NULL");
        }
      }
    }
    if (changes.isEmpty()) {
      changes.add("`key` = `key`");
    }
    sql("UPDATE " + sqlName + " SET " + String.join(", ", changes) + " WHERE " + predicate());
  }

  private void merge() {
    int known = random.nextInt(60);
    long from = Math.max(0, nextKey - known);
    rows(known + random.nextInt(60), from).createOrReplaceTempView("source");
    nextKey = Math.max(nextKey, from + 120);
    sql(
        "MERGE INTO "
            + sqlName
            + " t USING source s ON t.`key` = s.`key`"
            + " WHEN MATCHED AND s.`key` % 3 = 0 THEN DELETE"
            + " WHEN MATCHED THEN UPDATE SET *"
            + " WHEN NOT MATCHED THEN INSERT *"
            + (random.nextInt(3) == 0
                ? " WHEN NOT MATCHED BY SOURCE AND t.`key` % 11 = 0 THEN DELETE"
                : ""));
  }

  private void widen() {
    for (StructField field : current().schema().fields()) {
      String to = wider(field.dataType());
      if (to != null && !List.of("key", "gen").contains(field.name())) {
        sql(
            "ALTER TABLE "
                + sqlName
                + " ALTER COLUMN "
                + RandomSchema.quoted(field.name())
                + " TYPE "
                + to);
      }
    }
  }

  private String wider(DataType type) {
    return switch (type.typeName()) {
      case "byte" ->
          List.of("smallint", "int", "bigint", "double", "decimal(13,3)").get(random.nextInt(5));
      case "short" -> List.of("int", "bigint", "double", "decimal(12,2)").get(random.nextInt(4));
      case "integer" -> List.of("bigint", "double", "decimal(14,4)").get(random.nextInt(3));
      case "long" -> "decimal(24,4)";
      case "float" -> "double";
      case "date" -> "timestamp_ntz";
      case "decimal(9,2)" -> "decimal(20,5)";
      case "decimal(18,6)" -> "decimal(30,8)";
      case "decimal(1,0)" -> "decimal(5,2)";
      default -> null;
    };
  }

  /** Adds a field within a struct. */
  private void nested() {
    for (StructField field : current().schema().fields()) {
      if (field.dataType() instanceof StructType) {
        sql(
            "ALTER TABLE "
                + sqlName
                + " ADD COLUMNS ("
                + RandomSchema.quoted(field.name())
                + ".`added "
                + random.nextInt(9)
                + "` "
                + names.flat()
                + ")");
        append();
        return;
      }
    }
    append();
  }

  /** Conditions, and what Spark finds with them in the newest version. */
  private List<Object> filters() {
    List<Object> filters = new ArrayList<>();
    RandomFilters conditions = new RandomFilters(random, values, current().schema());
    for (int i = 0; i < FILTERS; i++) {
      String condition = conditions.next();
      Map<String, Object> filter = new Expected(current().where(condition)).json();
      filter.keySet().removeAll(List.of("columns", "unread"));
      filter.put("condition", condition);
      filters.add(filter);
    }
    return filters;
  }

  /** A shallow clone: a log whose files lie in another table. */
  private Map<String, Object> shallowClone() {
    Path copy = folder.resolve("clone");
    sql("CREATE TABLE delta.`" + copy + "` SHALLOW CLONE " + sqlName);
    sql("DELETE FROM delta.`" + copy + "` WHERE `key` % 5 = 0");
    Dataset<Row> rows = spark.read().format("delta").load(copy.toString());
    Row newest = spark.sql("DESCRIBE HISTORY delta.`" + copy + "` LIMIT 1").head();
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("version", newest.getLong(newest.fieldIndex("version")));
    found.put("timestamp", ((java.time.Instant) newest.getAs("timestamp")).toEpochMilli());
    found.putAll(new Expected(rows).json());
    return found;
  }

  private void export() throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seed", seed);
    json.put("legacyCalendar", features.legacyCalendar());
    json.put("vacuumed", vacuumed);
    List<Object> exported = new ArrayList<>();
    List<Row> history = new ArrayList<>(spark.sql("DESCRIBE HISTORY " + sqlName).collectAsList());
    java.util.Collections.reverse(history);
    for (Row commit : history) {
      long version = commit.getLong(commit.fieldIndex("version"));
      Map<String, Object> found = new LinkedHashMap<>();
      found.put("version", version);
      found.put("operation", commit.getString(commit.fieldIndex("operation")));
      found.put("timestamp", ((java.time.Instant) commit.getAs("timestamp")).toEpochMilli());
      try {
        Expected expected =
            new Expected(
                spark.read().format("delta").option("versionAsOf", version).load(table.toString()));
        found.putAll(expected.json());
        if (commit == history.get(history.size() - 1)) {
          expected.export(folder.resolve("latest.jsonl"));
        }
      } catch (Exception e) {
        if (!vacuumed) {
          throw e;
        }
        found.put("unreadable", String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      }
      exported.add(found);
    }
    versions = exported.size();
    json.put("versions", exported);
    json.put("filters", filters());
    if (random.nextInt(6) == 0) {
      json.put("clone", shallowClone());
    }
    json.put("script", done);
    new ObjectMapper()
        .writerWithDefaultPrettyPrinter()
        .writeValue(folder.resolve("expected.json").toFile(), json);
  }
}
