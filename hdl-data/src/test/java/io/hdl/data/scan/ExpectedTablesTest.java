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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads tables that Spark wrote and compares every version with what Spark read from it. */
@NullUnmarked
class ExpectedTablesTest {
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
    for (Map<String, Object> version : ExpectedTable.versions(folder)) {
      long number = ((Number) version.get("version")).longValue();
      latest = (int) Math.max(latest, number);
      TableSnapshot snapshot =
          TableSnapshot.open(folder.resolve("table"), TableVersion.number(number));
      assertThat(snapshot.version()).isEqualTo(number);
      ExpectedTable.compare(snapshot, version);
      if (number == ExpectedTable.versions(folder).size() - 1) {
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

  @Test
  void refusesVersionsWhoseFilesWereVacuumed() throws IOException {
    Path folder = TestData.require("delta/retail_vacuumed");
    String text = Files.readString(folder.resolve("expected.json"));
    List<?> readable = (List<?>) Json.readObject(text, "expected.json").get("readableVersions");
    Path table = folder.resolve("table");
    for (Map<String, Object> version : ExpectedTable.versions(folder)) {
      int number = ((Number) version.get("version")).intValue();
      if (readable.contains(number)) {
        ExpectedTable.compare(TableSnapshot.open(table, TableVersion.number(number)), version);
      }
    }
    for (int number = 0; number < ExpectedTable.versions(folder).size(); number++) {
      int gone = number;
      // Version 0 may have no files at all, and then misses none.
      if (!readable.contains(gone) && gone > 0) {
        assertThatThrownBy(() -> TableSnapshot.open(table, TableVersion.number(gone)))
            .isInstanceOfSatisfying(
                HdlException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_FILES_MISSING))
            .hasMessageContaining("data files are gone, as after VACUUM (among them: ")
            .hasMessageContaining(
                "The oldest version that can still be read is "
                    + readable.stream().mapToInt(version -> (Integer) version).min().orElseThrow()
                    + ".")
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
    for (Map<String, Object> version : ExpectedTable.versions(folder)) {
      long number = ((Number) version.get("version")).longValue();
      ExpectedTable.compare(
          TableSnapshot.open(folder.resolve("table"), TableVersion.number(number)), version);
    }
  }

  @Test
  void countsTheLargeTableByPartition() throws IOException {
    Path folder = TestData.require("delta/retail_large");
    for (Map<String, Object> version : ExpectedTable.versions(folder)) {
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
