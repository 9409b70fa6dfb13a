package io.hdl.data.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableSnapshotTest {
  @TempDir Path folder;
  private Path table;
  private DeltaTableWriter writer;

  @BeforeEach
  void writeThreeVersions() throws IOException {
    table = folder.resolve("a table/with % and ü");
    writer =
        DeltaTableWriter.create(
            table,
            List.of(Column.of("id", ColumnType.INTEGER), Column.of("part", ColumnType.STRING)),
            "part");
    writer.append(List.of(new Object[] {1, "x/%y"}, new Object[] {2, "ü"}));
    writer.overwrite(List.<Object[]>of(new Object[] {3, "z z"}));
    for (int version = 0; version < 3; version++) {
      Files.setLastModifiedTime(
          log(version), FileTime.from(Instant.parse("2024-01-0" + (version + 1) + "T00:00:00Z")));
    }
  }

  private Path log(int version) {
    return table.resolve(String.format("_delta_log/%020d.json", version));
  }

  @Test
  void tellsWhatATableIsAtAVersion() {
    TableSnapshot first = TableSnapshot.open(table, TableVersion.number(1));
    assertThat(first.version()).isEqualTo(1);
    assertThat(first.rows()).hasValue(2);
    assertThat(first.columns()).extracting(Column::name).containsExactly("id", "part");
    assertThat(first.partitionColumns()).containsExactly("part");
    assertThat(first.files())
        .extracting(file -> file.partitionValues().get("part"))
        .containsExactlyInAnyOrder("x/%y", "ü");
    assertThat(first.files())
        .allSatisfy(file -> assertThat(Path.of(file.address())).isRegularFile());
    assertThat(first.reader()).isEqualTo(LogReader.STANDALONE);
    assertThat(first.minReaderVersion()).isEqualTo(1);
    TableSnapshot latest = TableSnapshot.open(table, TableVersion.latest());
    assertThat(latest.version()).isEqualTo(2);
    assertThat(latest.rows()).hasValue(1);
    assertThat(latest.tableId()).isEqualTo(first.tableId());
  }

  @Test
  void findsTheVersionOfAMoment() {
    assertThat(versionAt("2024-01-01T00:00:00Z")).isEqualTo(0);
    assertThat(versionAt("2024-01-02T23:59:59Z")).isEqualTo(1);
    assertThat(versionAt("2024-01-03T00:00:00Z")).isEqualTo(2);
    assertThat(versionAt("2030-01-01T00:00:00Z")).as("after the last commit").isEqualTo(2);
    assertThatThrownBy(() -> versionAt("2023-12-31T00:00:00Z"))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VERSION_NOT_FOUND))
        .hasMessageContaining("its oldest version, 0, was committed at 2024-01-01T00:00:00Z");
  }

  private long versionAt(String moment) {
    return TableSnapshot.open(table, TableVersion.asOf(Instant.parse(moment))).version();
  }

  private void refuses(Path path, TableVersion version, ErrorCode code, String part) {
    assertThatThrownBy(() -> TableSnapshot.open(path, version))
        .isInstanceOfSatisfying(HdlException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(part);
  }

  @Test
  void refusesAVersionThatDoesNotExistAndSaysWhichDo() {
    refuses(
        table,
        TableVersion.number(7),
        ErrorCode.VERSION_NOT_FOUND,
        "there is no such version yet (versions 0 to 2 exist)");
  }

  @Test
  void refusesWhatIsNotThereAndWhatIsNoTable() {
    refuses(
        folder.resolve("nowhere"), TableVersion.latest(), ErrorCode.NOT_FOUND, "no such folder");
    refuses(
        folder, TableVersion.latest(), ErrorCode.NOT_A_DELTA_TABLE, "it has no folder _delta_log");
  }

  @Test
  void refusesAVersionWhoseFilesAreGone() throws IOException {
    Files.delete(
        Path.of(TableSnapshot.open(table, TableVersion.number(1)).files().get(0).address()));
    refuses(
        table,
        TableVersion.number(1),
        ErrorCode.DATA_FILES_MISSING,
        "1 of its 2 data files are gone, as after VACUUM");
    refuses(
        table,
        TableVersion.number(1),
        ErrorCode.DATA_FILES_MISSING,
        "The newest version, 2, is complete: read that one.");
    refuses(
        table,
        TableVersion.number(1),
        ErrorCode.DATA_FILES_MISSING,
        "The oldest version that can still be read is 0.");
    assertThat(TableSnapshot.open(table, TableVersion.latest()).version()).isEqualTo(2);
  }

  @Test
  void refusesAFeatureThatItDoesNotKnowByItsName() throws IOException {
    Files.writeString(
        log(3),
        "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,"
            + "\"readerFeatures\":[\"quantumColumns\"],\"writerFeatures\":[\"quantumColumns\"]}}\n",
        StandardOpenOption.CREATE_NEW);
    refuses(table, TableVersion.latest(), ErrorCode.UNSUPPORTED_FEATURE, "quantumColumns");
    // An older version was written without it, and is still read; delta-standalone would not.
    TableSnapshot before = TableSnapshot.open(table, TableVersion.number(1));
    assertThat(before.rows()).hasValue(2);
    assertThat(before.reader()).isEqualTo(LogReader.KERNEL);
  }

  @Test
  void namesEveryFeatureThatItDoesNotKnow() throws IOException {
    Files.writeString(
        log(3),
        "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,"
            + "\"readerFeatures\":[\"warpDrive\",\"deletionVectors\",\"quantumColumns\"],"
            + "\"writerFeatures\":[\"warpDrive\",\"deletionVectors\",\"quantumColumns\"]}}\n",
        StandardOpenOption.CREATE_NEW);
    refuses(
        table,
        TableVersion.latest(),
        ErrorCode.UNSUPPORTED_FEATURE,
        "it requires the features quantumColumns, warpDrive, which are not supported");
  }

  @Test
  void refusesALogThatIsDamaged() throws IOException {
    Files.writeString(log(2), "{\"add\":{\"path\":", StandardOpenOption.TRUNCATE_EXISTING);
    refuses(table, TableVersion.latest(), ErrorCode.CORRUPT_DATA, "Cannot read the log");
    assertThatThrownBy(() -> TableSnapshot.open(table, TableVersion.latest()))
        .hasMessageNotContainingAny("underlying engine", "StreamReadFeature", "\n");
  }

  @Test
  void saysThatAFileIsNoTable() throws IOException {
    Path file = Files.writeString(folder.resolve("sales.csv"), "store,units");
    refuses(file, TableVersion.latest(), ErrorCode.NOT_A_DELTA_TABLE, "it is a file");
  }

  @Test
  void rejectsANegativeVersion() {
    assertThatThrownBy(() -> TableVersion.number(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("version: -1 (expected: >= 0)");
  }
}
