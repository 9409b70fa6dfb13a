package io.hdl.data.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.kernel.TableManager;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.testing.TestData;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a log may hold besides the plain, written by hand. */
class LogFeaturesTest {
  @TempDir Path folder;
  private Path table;
  private DeltaTableWriter writer;

  @BeforeEach
  void writeTwoVersions() {
    table = folder.resolve("t b%20l#e");
    writer =
        DeltaTableWriter.create(
            table,
            List.of(Column.of("id", ColumnType.INTEGER), Column.of("part", ColumnType.STRING)),
            "part");
    append(10);
  }

  private void append(int rows) {
    writer.append(
        IntStream.range(0, rows)
            .mapToObj(i -> new Object[] {i, i % 2 == 0 ? "a/b" : null})
            .toList());
  }

  private TableSnapshot latest() {
    return TableSnapshot.open(table, TableVersion.latest());
  }

  private void refuses(ErrorCode code, String... parts) {
    assertThatThrownBy(this::latest)
        .isInstanceOfSatisfying(HdlException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContainingAll(parts);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "variantType",
        "variantType-preview",
        "variantShredding",
        "variantShredding-preview",
        "vacuumProtocolCheck",
        "timestampNtz",
        "typeWidening",
        "typeWidening-preview",
        "v2Checkpoint",
        "geospatial"
      })
  void readsTheOtherColumnsOfATableWithATypeThatIsNotRead(String feature) {
    LogFiles.edit(
        table,
        0,
        text ->
            text.replaceFirst("\\{\"protocol\":\\{[^}]*\\}\\}", LogFiles.protocol(feature))
                .replace(
                    "\\\"fields\\\":[",
                    "\\\"fields\\\":["
                        + LogFiles.field("v", "variant", "").replace("\"", "\\\"")
                        + ","));
    TableSnapshot snapshot = latest();
    assertThat(snapshot.readerFeatures()).containsExactly(feature);
    assertThat(snapshot.columns().get(0).type()).isEqualTo(ColumnType.other("variant"));
    assertThat(snapshot.rows()).hasValue(10);
    assertThat(snapshot.reader()).isEqualTo(LogReader.KERNEL);
  }

  @ParameterizedTest
  @CsvSource({"1", "3"})
  void namesATypeThatItDoesNotKnowInsteadOfStoppingAtIt(int readerVersion) {
    LogFiles.edit(
        table,
        0,
        text ->
            (readerVersion == 1
                    ? text
                    : text.replaceFirst(
                        "\\{\"protocol\":\\{[^}]*\\}\\}", LogFiles.protocol("deletionVectors")))
                .replace("\\\"integer\\\"", "\\\"quaternion\\\""));
    TableSnapshot snapshot = latest();
    assertThat(snapshot.minReaderVersion()).isEqualTo(readerVersion);
    assertThat(snapshot.columns())
        .extracting(column -> column.type().toString())
        .containsExactly("quaternion", "string");
    assertThat(snapshot.rows()).hasValue(10);
  }

  @Test
  void readsTablesWhoseWriterFeaturesMeanNothingToAReader() {
    LogFiles.edit(
        table,
        0,
        text ->
            text.replaceFirst(
                    "\\{\"protocol\":\\{[^}]*\\}\\}",
                    "{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":7,"
                        + "\"writerFeatures\":[\"rowTracking\",\"domainMetadata\",\"clustering\","
                        + "\"changeDataFeed\",\"checkConstraints\",\"generatedColumns\","
                        + "\"identityColumns\",\"inCommitTimestamp\",\"someWriterThing\"]}}")
                .replace(
                    "\"configuration\":{",
                    "\"configuration\":{\"delta.enableChangeDataFeed\":\"true\","
                        + "\"delta.constraints.positive\":\"id >= 0\""));
    LogFiles.edit(
        table,
        1,
        text ->
            text
                + "{\"domainMetadata\":{\"domain\":\"delta.clustering\",\"configuration\":"
                + "\"{\\\"clusteringColumns\\\":[[\\\"id\\\"]]}\",\"removed\":false}}\n"
                + "{\"cdc\":{\"path\":\"_change_data/x.parquet\",\"partitionValues\":{},"
                + "\"size\":7,\"dataChange\":false}}\n"
                + "{\"somethingNew\":{\"a\":1}}\n");
    TableSnapshot snapshot = latest();
    assertThat(snapshot.rows()).hasValue(10);
    assertThat(snapshot.columns()).hasSize(2);
    assertThat(snapshot.minReaderVersion()).isEqualTo(1);
    assertSameByBothReaders(table, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"catalogManaged", "catalogOwned-preview"})
  void refusesATableWhoseCommitsACatalogManages(String feature) {
    LogFiles.write(table, 2, LogFiles.protocol(feature, "inCommitTimestamp"));
    refuses(ErrorCode.UNSUPPORTED_FEATURE, feature.substring(0, 7));
  }

  @Test
  void refusesAReaderVersionFromTheFuture() {
    LogFiles.write(table, 2, "{\"protocol\":{\"minReaderVersion\":4,\"minWriterVersion\":7}}");
    refuses(ErrorCode.UNSUPPORTED_FEATURE, table.toString(), "4");
  }

  @Test
  void refusesACommitWithoutAnyByte() throws IOException {
    append(3);
    Files.writeString(LogFiles.commit(table, 2), "");
    refuses(ErrorCode.CORRUPT_DATA, "00000000000000000002.json is empty, as when its writer was");
    assertThat(TableSnapshot.open(table, TableVersion.number(1)).rows()).hasValue(10);
  }

  @Test
  void refusesALogWithAGap() throws IOException {
    append(3);
    append(4);
    Files.delete(LogFiles.commit(table, 2));
    refuses(ErrorCode.CORRUPT_DATA, "versions are not contiguous");
    assertThatThrownBy(() -> TableSnapshot.open(table, TableVersion.number(2)))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_DATA))
        .hasMessageContaining("its commit is missing from the log, which has later ones");
    assertThat(TableSnapshot.open(table, TableVersion.number(1)).rows()).hasValue(10);
  }

  @Test
  void passesOverWhatIsNoPartOfTheLog() throws IOException {
    Path log = table.resolve("_delta_log");
    Files.writeString(log.resolve(".00000000000000000002.json.1234.tmp"), "{\"add\":");
    Files.writeString(log.resolve("00000000000000000002.json.tmp"), "{\"add\":");
    Files.writeString(log.resolve(".00000000000000000001.json.crc"), "xx");
    Files.writeString(log.resolve("00000000000000000003.crc"), "not for any commit");
    Files.writeString(log.resolve("2.json"), "{");
    Files.writeString(
        log.resolve("00000000000000000001.00000000000000000003.compacted.json"), "{\"add\":");
    Files.writeString(log.resolve("00000000000000000009.checkpoint.parquet.tmp"), "PAR1");
    Files.writeString(
        log.resolve("00000000000000000009.checkpoint.0000000001.0000000002.parquet"), "PAR1");
    Files.createDirectories(log.resolve("_staged_commits"));
    Files.writeString(
        log.resolve(
            "_staged_commits/00000000000000000002.0c2cbb6c-6f0b-4ba4-8ae5-9d2c9e5a2b11.json"),
        "{\"commitInfo\":{}}");
    TableSnapshot snapshot = latest();
    assertThat(snapshot.version()).isEqualTo(1);
    assertThat(snapshot.rows()).hasValue(10);
    assertThat(TableHistory.open(table).newestVersion()).isEqualTo(1);
  }

  @Test
  void aDamagedChecksumFileOrPointerChangesNothing() throws IOException {
    Files.writeString(
        table.resolve("_delta_log/00000000000000000001.crc"),
        Files.readAllLines(LogFiles.commit(table, 0)).stream()
            .filter(line -> line.startsWith("{\"metaData\""))
            .map(
                line ->
                    line.replace(
                            "{\"metaData\"",
                            "{\"tableSizeBytes\":1,\"numFiles\":1,"
                                + "\"numMetadata\":1,\"numProtocol\":1,\"protocol\":{\"minReaderVersion\":1,"
                                + "\"minWriterVersion\":2},\"metadata\"")
                        .replace("\\\"id\\\"", "\\\"ie\\\""))
            .findFirst()
            .orElseThrow());
    Files.writeString(table.resolve("_delta_log/_last_checkpoint"), "{\"version\":");
    assertThat(latest().rows()).hasValue(10);
    assertThat(latest().columns().get(0).name()).isEqualTo("id");
  }

  @Test
  void readsCompactedCommitsTheSame() throws IOException {
    append(4);
    append(5);
    List<String> both = new ArrayList<>(Files.readAllLines(LogFiles.commit(table, 2)));
    both.addAll(Files.readAllLines(LogFiles.commit(table, 3)));
    both.removeIf(line -> line.startsWith("{\"commitInfo\""));
    Files.write(
        table.resolve("_delta_log/00000000000000000002.00000000000000000003.compacted.json"), both);
    assertThat(latest().rows()).hasValue(19);
    assertSameByBothReaders(table, 3);
  }

  @Test
  void anActionThatIsRepeatedCountsOnce() throws IOException {
    String again =
        Files.readAllLines(LogFiles.commit(table, 1)).stream()
            .filter(line -> line.startsWith("{\"add\""))
            .findFirst()
            .orElseThrow();
    LogFiles.write(table, 2, again, again);
    assertThat(latest().files()).hasSize(2);
    assertThat(latest().rows()).hasValue(10);
    assertSameByBothReaders(table, 2);
  }

  @Test
  void readsCheckpointsAndBothReadersGiveTheSame() throws IOException {
    for (int version = 2; version < 5; version++) {
      append(version);
    }
    writer.overwrite(List.of(new Object[] {1, "x y%"}, new Object[] {2, null}));
    TableManager.loadSnapshot(table.toAbsolutePath().toString())
        .atVersion(3)
        .build(KernelEngine.get())
        .writeCheckpoint(KernelEngine.get());
    for (int version = 0; version <= 5; version++) {
      assertSameByBothReaders(table, version);
    }
    assertThat(latest().rows()).hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "retail_plain",
        "retail_multipart_ckpt",
        "parquet_encodings",
        "online_retail_tx",
        "retail_vacuumed",
        "empty_table"
      })
  void bothReadersGiveTheSameOfRealTables(String name) {
    Path real = TestData.require("delta/" + name).resolve("table");
    LogFolder log = LogFolder.list(TableFiles.local(real), TableVersion.latest());
    long step = Math.max(1, (log.latest() - log.earliest()) / 5);
    for (long version = log.latest(); version >= log.earliest(); version -= step) {
      assertSameByBothReaders(real, version);
    }
  }

  private static void assertSameByBothReaders(Path path, long version) {
    TableFiles table = TableFiles.local(path);
    List<DataFile> standalone =
        StandaloneLog.files(LogFolder.list(table, TableVersion.latest()), version).orElseThrow();
    List<DataFile> kernel =
        KernelLog.files(
            TableManager.loadSnapshot(path.toAbsolutePath().normalize().toString())
                .atVersion(version)
                .build(KernelEngine.get()),
            KernelEngine.get(),
            table);
    assertThat(byPath(standalone)).as("version %d", version).isEqualTo(byPath(kernel));
    assertThat(standalone).hasSameSizeAs(kernel);
  }

  private static Map<Path, DataFile> byPath(List<DataFile> files) {
    Map<Path, DataFile> map = new HashMap<>();
    files.forEach(file -> map.put(Path.of(file.address()), file));
    return map;
  }

  @Test
  void namesTheOldestVersionThatCanStillBeReadAlsoWhereLaterOnesCannot() throws IOException {
    // Version 2 adds a file that version 3 takes out again; it alone is gone.
    Files.copy(Path.of(latest().files().get(0).address()), folder.resolve("kept.parquet"));
    TableSnapshot first = latest();
    append(2);
    List<DataFile> added =
        latest().files().stream().filter(file -> !first.files().contains(file)).toList();
    List<String> removals = new ArrayList<>();
    for (String line : Files.readAllLines(LogFiles.commit(table, 2))) {
      if (line.startsWith("{\"add\"")) {
        String path = line.replaceFirst(".*\"path\":\"([^\"]*)\".*", "$1");
        removals.add(
            "{\"remove\":{\"path\":\"" + path + "\",\"deletionTimestamp\":1,\"dataChange\":true}}");
      }
    }
    LogFiles.write(table, 3, removals.toArray(new String[0]));
    for (DataFile file : added) {
      Files.delete(Path.of(file.address()));
    }
    assertThatThrownBy(() -> TableSnapshot.open(table, TableVersion.number(2)))
        .hasMessageContaining("2 of its 4 data files are gone, as after VACUUM (among them: ")
        .hasMessageContaining("The newest version, 3, is complete: read that one.")
        .hasMessageContaining("The oldest version that can still be read is 0.");
    // Now a file of version 1 that stays: nothing but version 0 can be read.
    Files.delete(Path.of(first.files().get(0).address()));
    refuses(ErrorCode.DATA_FILES_MISSING, "The oldest version that can still be read is 0.");
  }
}
