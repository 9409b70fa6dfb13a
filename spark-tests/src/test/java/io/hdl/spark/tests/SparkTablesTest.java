package io.hdl.spark.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.filter.Filter;
import io.hdl.data.hostile.CanonicalRows;
import io.hdl.data.scan.ScanColumn;
import io.hdl.data.scan.TableScan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reads every version of tables that Spark wrote at random and compares schema, rows and times with
 * what Spark read. {@code -Dhdl.spark.seed=N -Dhdl.spark.count=K} chooses the tables, {@code
 * -Dhdl.spark.tables=FOLDER} keeps them.
 */
@NullUnmarked
class SparkTablesTest {
  private static final long FIRST = Long.getLong("hdl.spark.seed", 0);
  private static final int COUNT = Integer.getInteger("hdl.spark.count", 10);

  @TempDir static Path temporary;
  private static Path folder = Path.of("");

  @BeforeAll
  static void letSparkWrite() throws Exception {
    String kept = System.getProperty("hdl.spark.tables", "");
    folder = kept.isEmpty() ? temporary : Path.of(kept);
    if (!Files.exists(folder.resolve(Long.toString(FIRST)))) {
      SparkProcess.write(folder, FIRST, COUNT, Duration.ofSeconds(120 + 120L * COUNT));
    }
  }

  static LongStream seeds() {
    return LongStream.range(FIRST, FIRST + COUNT);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyVersionHoldsWhatSparkReadFromIt(long seed) throws IOException {
    Path home = folder.resolve(Long.toString(seed));
    Map<String, Object> expected =
        Json.readObject(Files.readString(home.resolve("expected.json")), "expected.json");
    List<String> differences = new ArrayList<>();
    List<Map<String, Object>> versions = objects(expected, "versions");
    for (Map<String, Object> version : versions) {
      long number = ((Number) version.get("version")).longValue();
      if (version.containsKey("unreadable")) {
        assertThatThrownBy(
                () -> TableSnapshot.open(home.resolve("table"), TableVersion.number(number)))
            .isInstanceOfSatisfying(
                HdlException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_FILES_MISSING));
      } else {
        differences.addAll(compare(home.resolve("table"), number, version));
      }
    }
    if (expected.get("clone") instanceof Map<?, ?> clone) {
      Map<String, Object> cloned = new LinkedHashMap<>();
      clone.forEach((key, value) -> cloned.put((String) key, value));
      long number = ((Number) cloned.getOrDefault("version", 0)).longValue();
      differences.addAll(compare(home.resolve("clone"), number, cloned));
    }
    assertThat(differences).as("seed %d: %s", seed, expected.get("script")).isEmpty();
    assertThat(versions).hasSizeGreaterThan(1);
    TableSnapshot latest = TableSnapshot.open(home.resolve("table"), TableVersion.latest());
    assertThat(latest.version()).isEqualTo(versions.size() - 1);
    if (!Boolean.TRUE.equals(expected.get("legacyCalendar"))) {
      assertThat(exported(latest)).isEqualTo(Files.readAllLines(home.resolve("latest.jsonl")));
      assertThat(chosen(latest, expected)).as("seed %d", seed).isEmpty();
    }
  }

  /** What random conditions choose, where that is not what Spark chose. */
  private static List<String> chosen(TableSnapshot latest, Map<String, Object> expected) {
    List<String> differences = new ArrayList<>();
    List<String> leaves = CanonicalRows.leaves(latest);
    for (Map<String, Object> filter : objects(expected, "filters")) {
      String condition = (String) filter.get("condition");
      CanonicalRows.Sums wanted =
          new CanonicalRows.Sums(
              ((Number) filter.get("rows")).longValue(),
              word(filter, "first"),
              word(filter, "second"));
      CanonicalRows.Sums found = CanonicalRows.read(latest, Filter.parse(condition), leaves, 2);
      if (!found.equals(wanted)) {
        differences.add(condition + ": " + found + ", expected " + wanted);
      }
    }
    return differences;
  }

  private static List<String> compare(Path table, long number, Map<String, Object> expected) {
    try {
      TableSnapshot snapshot = TableSnapshot.open(table, TableVersion.number(number));
      List<String> found = new ArrayList<>();
      Instant time = Instant.ofEpochMilli(((Number) expected.get("timestamp")).longValue());
      if (!snapshot.timestamp().equals(time)) {
        found.add("time " + snapshot.timestamp() + ", expected " + time);
      }
      found.addAll(columns(snapshot, expected));
      if (found.isEmpty()) {
        found.addAll(rows(snapshot, expected));
        found.addAll(refusals(snapshot, expected));
      }
      return found.stream().map(text -> "version " + number + ": " + text).toList();
    } catch (HdlException e) {
      // The one thing that is refused here; a test of the decoder holds when it is, and when not.
      boolean refused = String.valueOf(e.getMessage()).contains("in the legacy calendar of Spark");
      return refused ? List.of() : List.of("version " + number + ": " + e);
    } catch (RuntimeException e) {
      return List.of("version " + number + ": " + e);
    }
  }

  private static List<String> columns(TableSnapshot snapshot, Map<String, Object> expected) {
    Map<String, String> wanted = new LinkedHashMap<>();
    for (Map<String, Object> column : objects(expected, "columns")) {
      wanted.put((String) column.get("name"), (String) column.get("type"));
    }
    Map<String, String> found = new LinkedHashMap<>();
    TableScan.types(snapshot, CanonicalRows.leaves(snapshot))
        .forEach((name, type) -> found.put(name, type.toString()));
    return found.equals(wanted) ? List.of() : List.of("columns " + found + ", expected " + wanted);
  }

  private static List<String> rows(TableSnapshot snapshot, Map<String, Object> expected) {
    List<String> leaves = CanonicalRows.leaves(snapshot);
    long rows = ((Number) expected.get("rows")).longValue();
    CanonicalRows.Sums wanted =
        new CanonicalRows.Sums(rows, word(expected, "first"), word(expected, "second"));
    CanonicalRows.Sums found =
        CanonicalRows.read(snapshot, leaves, 1 + (int) (snapshot.version() % 2));
    List<String> differences = new ArrayList<>();
    if (!found.equals(wanted)) {
      differences.add(found + ", expected " + wanted);
      for (Map<String, Object> column : objects(expected, "columns")) {
        String name = (String) column.get("name");
        if (columnSum(snapshot, name) != word(column, "sum")) {
          differences.add("column " + name + " of type " + column.get("type"));
        }
      }
    }
    if (snapshot.rows().isPresent() && snapshot.rows().getAsLong() != rows) {
      differences.add("the log's rows " + snapshot.rows() + ", expected " + rows);
    }
    differences.addAll(floats(snapshot, leaves));
    return differences;
  }

  private static long columnSum(TableSnapshot snapshot, String column) {
    long[] sum = new long[1];
    try (TableScan scan = TableScan.open(snapshot, 1, () -> {})) {
      scan.read(
          List.of(ScanColumn.values(column)),
          (n, batch) -> sum[0] += CanonicalRows.sumOfValues(batch));
    }
    return sum[0];
  }

  /** Numbers as floats are what the values are, rounded once; null is not a number. */
  private static List<String> floats(TableSnapshot snapshot, List<String> leaves) {
    Map<String, ColumnType> types = TableScan.types(snapshot, leaves);
    List<String> numbers = leaves.stream().filter(leaf -> types.get(leaf).isNumber()).toList();
    Map<Long, List<String>> values = Collections.synchronizedMap(new LinkedHashMap<>());
    List<String> different = Collections.synchronizedList(new ArrayList<>());
    try (TableScan scan = TableScan.open(snapshot, 1, () -> {})) {
      scan.read(ScanColumn.values(numbers), (number, batch) -> values.put(number, asFloats(batch)));
      scan.read(
          numbers.stream().map(ScanColumn::floats).toList(),
          (number, batch) -> {
            List<String> found = asFloats(batch);
            for (int c = 0; c < found.size(); c++) {
              if (!found.get(c).equals(values.get(number).get(c))) {
                different.add("column " + numbers.get(c) + " as floats");
              }
            }
          });
    }
    return different;
  }

  private static List<String> asFloats(ColumnBatch batch) {
    return batch.columns().stream().map(CanonicalRows::floats).toList();
  }

  private static List<String> refusals(TableSnapshot snapshot, Map<String, Object> expected) {
    List<String> accepted = new ArrayList<>();
    for (Object name : (List<?>) expected.getOrDefault("unread", List.of())) {
      try {
        CanonicalRows.read(snapshot, List.of((String) name), 1);
        // Without a file there is nothing that could be read wrongly.
        if (!snapshot.files().isEmpty()) {
          accepted.add("column " + name + " is not refused");
        }
      } catch (HdlException e) {
        if (e.code() != ErrorCode.UNSUPPORTED_FEATURE
            || !String.valueOf(e.getMessage()).contains("\"" + name + "\"")) {
          accepted.add("column " + name + " is refused so: " + e);
        }
      }
    }
    return accepted;
  }

  private static List<String> exported(TableSnapshot snapshot) {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    try (TableScan scan = TableScan.open(snapshot, 2, () -> {})) {
      scan.read(
          ScanColumn.values(CanonicalRows.leaves(snapshot)),
          (number, batch) -> {
            for (int row = 0; row < batch.rows(); row++) {
              lines.add(CanonicalRows.json(CanonicalRows.text(batch, row)));
            }
          });
    }
    lines.sort(null);
    return lines;
  }

  private static long word(Map<String, Object> map, String key) {
    return Long.parseLong((String) map.getOrDefault(key, "0"));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> objects(Map<String, Object> map, String key) {
    return (List<Map<String, Object>>) map.getOrDefault(key, List.of());
  }
}
