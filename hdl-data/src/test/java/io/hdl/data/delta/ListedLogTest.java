package io.hdl.data.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.testing.TestData;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListedLogTest {
  @TempDir Path folder;

  private static List<String> names(TableSnapshot snapshot, Path table) {
    String root = table.toAbsolutePath().normalize() + "/";
    List<String> names = new ArrayList<>();
    for (DataFile file : snapshot.files()) {
      String name =
          file.address().startsWith("abfss:")
              ? URI.create(file.address()).getPath().substring("/my sales/".length())
              : file.address().substring(root.length());
      names.add(
          name
              + " "
              + file.size()
              + " "
              + file.partitionValues()
              + " "
              + file.deletionVector().map(vector -> vector.load(Long.MAX_VALUE).count()));
    }
    return names;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "retail_plain",
        "retail_dv",
        "retail_colmap_name",
        "retail_v2ckpt_parquet",
        "retail_multipart_ckpt",
        "retail_vacuumed",
        "empty_table"
      })
  void givesWhatTheFolderItselfGives(String name) {
    Path table = TestData.require("delta/" + name).resolve("table");
    LogFolder log = LogFolder.list(TableFiles.local(table), TableVersion.latest());
    for (long version = log.earliest(); version <= log.latest(); version++) {
      TableSnapshot expected;
      try {
        expected = TableSnapshot.open(table, TableVersion.number(version));
      } catch (HdlException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.DATA_FILES_MISSING);
        continue;
      }
      TableSnapshot listed =
          TableSnapshot.open(new RemoteFolder(table), TableVersion.number(version));
      assertThat(names(listed, table)).containsExactlyInAnyOrderElementsOf(names(expected, table));
      assertThat(listed.timestamp()).isEqualTo(expected.timestamp());
      assertThat(listed.columns()).isEqualTo(expected.columns());
      assertThat(listed.minReaderVersion()).isEqualTo(expected.minReaderVersion());
      // Later versions do not show, so that their protocol does not matter.
      assertThat(listed.reader())
          .isEqualTo(expected.minReaderVersion() == 1 ? LogReader.STANDALONE : LogReader.KERNEL);
      assertThat(listed.uri()).isEqualTo(RemoteFolder.ADDRESS);
    }
    Instant moment = TableSnapshot.open(table, TableVersion.latest()).timestamp();
    assertThat(TableSnapshot.open(new RemoteFolder(table), TableVersion.asOf(moment)).version())
        .isEqualTo(TableSnapshot.open(table, TableVersion.asOf(moment)).version());
    assertThat(TableHistory.open(new RemoteFolder(table)).versions())
        .isEqualTo(TableHistory.open(table).versions());
  }

  @Test
  void opensOnlyFilesThatTellOfTheVersion() {
    Path table = TestData.require("delta/retail_multipart_ckpt").resolve("table");
    RemoteFolder remote = new RemoteFolder(table);
    TableSnapshot snapshot = TableSnapshot.open(remote, TableVersion.latest());
    List<String> wanted =
        LogSegment.of(remote.log(TableVersion.latest()), snapshot.version()).orElseThrow().stream()
            .map(TableFiles.LogFile::name)
            .toList();
    assertThat(wanted).anyMatch(name -> name.contains(".checkpoint.")).hasSizeLessThan(20);
    assertThat(remote.opened()).isNotEmpty().isSubsetOf(wanted);
  }

  @Test
  void takesOnlyWholeCheckpoints() {
    List<TableFiles.LogFile> files = new ArrayList<>();
    for (long version = 0; version < 8; version++) {
      files.add(file("%020d.json".formatted(version)));
    }
    files.add(file("%020d.checkpoint.parquet".formatted(2)));
    files.add(file("%020d.checkpoint.0000000001.0000000002.parquet".formatted(4)));
    assertThat(LogSegment.of(files, 5).orElseThrow())
        .extracting(TableFiles.LogFile::name)
        .containsExactly(
            "%020d.checkpoint.parquet".formatted(2),
            "%020d.json".formatted(2),
            "%020d.json".formatted(3),
            "%020d.json".formatted(4),
            "%020d.json".formatted(5));
    files.add(file("%020d.checkpoint.0000000002.0000000002.parquet".formatted(4)));
    assertThat(LogSegment.newestCheckpoint(files, 5)).hasValue(4);
    assertThat(LogSegment.of(files, 5).orElseThrow()).hasSize(4);
    files.add(file("%020d.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json".formatted(6)));
    assertThat(LogSegment.newestCheckpoint(files, 7)).hasValue(6);
    assertThat(LogSegment.newestVersion(files)).hasValue(7);
    files.remove(file("%020d.json".formatted(3)));
    assertThat(LogSegment.of(files, 3)).isEmpty();
    assertThat(LogSegment.of(files, 4)).isPresent();
    assertThat(LogSegment.of(files, 8)).isEmpty();
    assertThat(LogSegment.versions(files, 3)).containsExactly(7L, 6L, 5L);
  }

  private static TableFiles.LogFile file(String name) {
    return new TableFiles.LogFile(name, 1, Instant.EPOCH);
  }

  @Test
  void readsAtTheTimesOfTheList() throws IOException {
    Path table = folder.resolve("table");
    DeltaTableWriter writer =
        DeltaTableWriter.create(table, List.of(Column.of("n", ColumnType.INTEGER)));
    writer.append(List.<@Nullable Object[]>of(new @Nullable Object[] {1}));
    writer.append(List.<@Nullable Object[]>of(new @Nullable Object[] {2}));
    Instant first = Instant.parse("2024-01-01T00:00:00Z");
    for (int version = 0; version < 3; version++) {
      Files.setLastModifiedTime(
          table.resolve("_delta_log/%020d.json".formatted(version)),
          FileTime.from(first.plusSeconds(version)));
    }
    RemoteFolder remote = new RemoteFolder(table);
    assertThat(TableSnapshot.open(remote, TableVersion.asOf(first.plusMillis(1500))).version())
        .isEqualTo(1);
    assertThat(TableSnapshot.open(remote, TableVersion.number(2)).timestamp())
        .isEqualTo(first.plusSeconds(2));
    assertThatThrownBy(() -> TableSnapshot.open(remote, TableVersion.number(3)))
        .hasMessage(
            "Cannot open version 3 of the table "
                + RemoteFolder.ADDRESS
                + ": there is no such version yet (versions 0 to 2 exist). Choose one of them.");
    assertThatThrownBy(() -> TableSnapshot.open(remote, TableVersion.asOf(first.minusSeconds(1))))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VERSION_NOT_FOUND))
        .hasMessageStartingWith("Cannot open the table " + RemoteFolder.ADDRESS + " as of ");
  }
}
