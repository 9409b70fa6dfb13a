package io.hdl.data.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.core.testing.TestData;
import io.hdl.data.delta.LogReader;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.profile.ProfileSpec;
import io.hdl.data.profile.TableProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads tables that Spark wrote and compares every version with what Spark read from it. */
@NullUnmarked
class ExpectedTablesTest {
  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> versions(Path folder) throws IOException {
    String text = Files.readString(folder.resolve("expected.json"));
    return (List<Map<String, Object>>) Json.readObject(text, "expected.json").get("versions");
  }

  @ParameterizedTest
  @CsvSource({
    "retail_plain, STANDALONE",
    "retail_dv, KERNEL",
    "retail_colmap_name, KERNEL",
    "retail_v2ckpt_parquet, KERNEL",
    "retail_multipart_ckpt, STANDALONE",
    "retail_type_widening, KERNEL",
    "all_types, KERNEL",
    "parquet_encodings, STANDALONE",
    "online_retail_tx, STANDALONE",
    "empty_table, STANDALONE"
  })
  void everyVersionHoldsWhatSparkReadFromIt(String table, LogReader reader) throws IOException {
    Path folder = TestData.require("delta/" + table);
    int latest = 0;
    for (Map<String, Object> version : versions(folder)) {
      long number = ((Number) version.get("version")).longValue();
      latest = (int) Math.max(latest, number);
      TableSnapshot snapshot =
          TableSnapshot.open(folder.resolve("table"), TableVersion.number(number));
      assertThat(snapshot.version()).isEqualTo(number);
      compare(snapshot, version);
      if (number == versions(folder).size() - 1) {
        assertThat(snapshot.reader()).isEqualTo(reader);
      }
    }
    TableSnapshot newest = TableSnapshot.open(folder.resolve("table"), TableVersion.latest());
    assertThat(newest.version()).isEqualTo(latest);
    TableSnapshot now =
        TableSnapshot.open(
            folder.resolve("table"), TableVersion.asOf(Instant.parse("2100-01-01T00:00:00Z")));
    assertThat(now.version()).isEqualTo(latest);
  }

  @SuppressWarnings("unchecked")
  private static void compare(TableSnapshot snapshot, Map<String, Object> expected) {
    Map<String, Object> columns = (Map<String, Object>) expected.get("columns");
    List<String> readable = new ArrayList<>();
    for (Map.Entry<String, Object> column : columns.entrySet()) {
      String type = (String) ((Map<String, Object>) column.getValue()).get("type");
      boolean nested =
          type.startsWith("list") || type.startsWith("map") || type.startsWith("struct");
      boolean inside =
          columns.keySet().stream()
              .filter(outer -> column.getKey().startsWith(outer + "."))
              .map(outer -> (String) ((Map<String, Object>) columns.get(outer)).get("type"))
              .anyMatch(outer -> outer.startsWith("list") || outer.startsWith("map"));
      if (!nested && !inside) {
        readable.add(column.getKey());
      }
    }
    assertThat(readable).isNotEmpty();
    // As another program sees it: numbers, strings and null of the written JSON.
    TableProfile profile = TableProfile.of(snapshot, ProfileSpec.allColumns(), 2, () -> {});
    Map<String, Object> written =
        Json.readObject(Json.write(profile.jsonWithChecksums()), "the profile");
    Map<String, Object> found = (Map<String, Object>) written.get("columns");
    List<String> differences = new ArrayList<>();
    for (String name : readable) {
      Map<String, Object> actual = (Map<String, Object>) found.get(name);
      ((Map<String, Object>) columns.get(name))
          .forEach(
              (key, wanted) -> {
                // Their types are named as Arrow names them.
                if (!key.equals("type")
                    && !(actual.containsKey(key) && Objects.equals(actual.get(key), wanted))) {
                  differences.add(
                      name + "." + key + ": " + actual.get(key) + ", expected " + wanted);
                }
              });
    }
    assertThat(differences).as("version %d", snapshot.version()).isEmpty();
    assertThat(written.get("rows")).isEqualTo(expected.get("rows"));
    assertThat(written.get("version")).isEqualTo(expected.get("version"));
    snapshot.rows().ifPresent(counted -> assertThat(counted).isEqualTo(profile.rows()));
  }

  @Test
  void refusesVersionsWhoseFilesWereVacuumed() throws IOException {
    Path folder = TestData.require("delta/retail_vacuumed");
    String text = Files.readString(folder.resolve("expected.json"));
    List<?> readable = (List<?>) Json.readObject(text, "expected.json").get("readableVersions");
    Path table = folder.resolve("table");
    for (Map<String, Object> version : versions(folder)) {
      int number = ((Number) version.get("version")).intValue();
      if (readable.contains(number)) {
        compare(TableSnapshot.open(table, TableVersion.number(number)), version);
      }
    }
    for (int number = 0; number < versions(folder).size(); number++) {
      int gone = number;
      // Version 0 may have no files at all, and then misses none.
      if (!readable.contains(gone) && gone > 0) {
        assertThatThrownBy(() -> TableSnapshot.open(table, TableVersion.number(gone)))
            .isInstanceOfSatisfying(
                HdlException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_FILES_MISSING))
            .hasMessageContaining("data files are gone, as after VACUUM (one of them: ")
            .hasMessageContaining("The newest version, 5, is complete: read that one.");
      }
    }
  }

  @Test
  void readsPartitionValuesOfEveryType(@TempDir Path temporary) throws Exception {
    Path archive = TestData.require("delta/partition_special.tar.gz");
    Process tar =
        new ProcessBuilder("tar", "xzf", archive.toString(), "-C", temporary.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(tar.waitFor(60, TimeUnit.SECONDS)).isTrue();
    Path folder = temporary.resolve("partition_special");
    for (Map<String, Object> version : versions(folder)) {
      long number = ((Number) version.get("version")).longValue();
      compare(TableSnapshot.open(folder.resolve("table"), TableVersion.number(number)), version);
    }
  }

  @Test
  void countsTheLargeTableByPartition() throws IOException {
    Path folder = TestData.require("delta/retail_large");
    for (Map<String, Object> version : versions(folder)) {
      long number = ((Number) version.get("version")).longValue();
      TableSnapshot snapshot =
          TableSnapshot.open(folder.resolve("table"), TableVersion.number(number));
      long expected = 0;
      for (Object partition : (List<?>) version.get("partitions")) {
        expected += ((Number) ((Map<?, ?>) partition).get("rows")).longValue();
      }
      try (TableScan scan = TableScan.open(snapshot, 2, () -> {})) {
        assertThat(scan.read(List.of(ScanColumn.values("store")), (n, batch) -> {}))
            .isEqualTo(expected);
      }
      assertThat(snapshot.rows()).hasValue(expected);
    }
  }
}
