package io.hdl.data.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.testing.TestData;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.DeltaTableWriter;
import io.hdl.data.delta.RemoteFolder;
import io.hdl.data.delta.TableFiles;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.filter.Filter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteScanTest {
  private static final int FILES = 12;

  @TempDir Path folder;

  private Path table() {
    Path table = folder.resolve("table");
    DeltaTableWriter writer =
        DeltaTableWriter.create(table, List.of(Column.of("n", ColumnType.INTEGER)));
    for (int file = 0; file < FILES; file++) {
      writer.append(
          List.<@Nullable Object[]>of(
              new @Nullable Object[] {2 * file}, new @Nullable Object[] {2 * file + 1}));
    }
    return table;
  }

  private static Map<Long, Integer> rows(TableScan scan) {
    Map<Long, Integer> rows = new ConcurrentHashMap<>();
    scan.read(ScanColumn.values(List.of("n")), (number, batch) -> rows.put(number, batch.rows()));
    return rows;
  }

  @Test
  void numbersBatchesAsALocalTableDoesAndHoldsFewFiles() {
    Path table = table();
    RemoteFolder remote = new RemoteFolder(table);
    Map<Long, Integer> expected;
    try (TableScan scan =
        TableScan.open(TableSnapshot.open(table, TableVersion.latest()), 2, () -> {})) {
      expected = rows(scan);
    }
    try (TableScan scan =
        TableScan.open(TableSnapshot.open(remote, TableVersion.latest()), 2, () -> {})) {
      assertThat(rows(scan)).isEqualTo(expected);
      assertThat(remote.held()).isZero();
      assertThat(rows(scan)).isEqualTo(expected);
      assertThat(scan.rows()).isEqualTo(2L * FILES);
      try (FloatColumns floats = scan.floats(List.of("n"))) {
        assertThat(floats.rows()).isEqualTo(2L * FILES);
        assertThat(remote.held()).isZero();
      }
      assertThat(scan.ranges(1)).hasSize(FILES);
    }
    // Two decode, four open, and two are kept that nobody uses.
    assertThat(remote.mostHeld()).isBetween(1, 8);
    assertThat(remote.held()).isZero();
  }

  @Test
  void decodesAFileWhileTheNextIsOnItsWay() throws Exception {
    RemoteFolder remote = new RemoteFolder(table());
    TableSnapshot snapshot = TableSnapshot.open(remote, TableVersion.latest());
    String last = snapshot.files().get(FILES - 1).address();
    CountDownLatch decoded = new CountDownLatch(1);
    TableFiles slow =
        new Delegating(remote) {
          @Override
          public Held hold(String address, long size, Runnable checkpoint) {
            try {
              // The last file does not come before a batch of another one was given.
              if (address.equals(last) && !decoded.await(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("Nothing was decoded while a file was on its way");
              }
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return super.hold(address, size, checkpoint);
          }
        };
    TableSnapshot from = TableSnapshot.open(slow, TableVersion.latest());
    try (TableScan scan = TableScan.open(from, 1, () -> {})) {
      long rows =
          scan.read(ScanColumn.values(List.of("n")), (number, batch) -> decoded.countDown());
      assertThat(rows).isEqualTo(2L * FILES);
    }
  }

  @Test
  void saysWhichFileTheLakeHasNoMore() throws IOException {
    Path table = table();
    RemoteFolder remote = new RemoteFolder(table);
    TableSnapshot snapshot = TableSnapshot.open(remote, TableVersion.latest());
    String gone = snapshot.files().get(5).address();
    String name = URI.create(gone).getPath().substring("/my sales/".length());
    Files.delete(table.resolve(name));
    try (TableScan scan = TableScan.open(snapshot, 2, () -> {})) {
      assertThatThrownBy(() -> rows(scan))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_FILES_MISSING))
          .hasMessage(
              "Cannot read version 12 of the table "
                  + RemoteFolder.ADDRESS
                  + ": its file "
                  + gone
                  + " is gone, as after VACUUM. Read a newer version, or this one where it is"
                  + " cached.");
    }
    assertThat(remote.held()).isZero();
  }

  @Test
  void namesTheAddressOfADamagedFileBesideItsCopy() throws IOException {
    Path table = table();
    RemoteFolder remote = new RemoteFolder(table);
    TableSnapshot snapshot = TableSnapshot.open(remote, TableVersion.latest());
    String damaged = snapshot.files().get(0).address();
    Path copy = table.resolve(URI.create(damaged).getPath().substring("/my sales/".length()));
    Files.writeString(copy, "no parquet");
    try (TableScan scan = TableScan.open(snapshot, 2, () -> {})) {
      assertThatThrownBy(() -> rows(scan))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_DATA))
          .hasMessageStartingWith(
              "Cannot read the data file " + damaged + " (here " + copy + "): ");
    }
  }

  @Test
  void fetchesNothingOfFilesThatAFilterLeavesOut() {
    RemoteFolder remote = new RemoteFolder(table());
    TableSnapshot snapshot = TableSnapshot.open(remote, TableVersion.latest());
    try (TableScan scan = TableScan.open(snapshot, Filter.parse("n >= 20"), 2, () -> {})) {
      assertThat(scan.rows()).isEqualTo(2L * FILES - 20);
    }
    assertThat(remote.opened().stream().filter(name -> name.endsWith(".parquet")).distinct())
        .hasSize(2);
  }

  @Test
  void readsDeletionVectorsFromElsewhere() {
    Path table = TestData.require("delta/retail_dv").resolve("table");
    TableSnapshot local = TableSnapshot.open(table, TableVersion.latest());
    RemoteFolder remote = new RemoteFolder(table);
    try (TableScan scan =
        TableScan.open(TableSnapshot.open(remote, TableVersion.latest()), 2, () -> {})) {
      assertThat(scan.rows()).isEqualTo(local.rows().orElseThrow());
    }
    assertThat(remote.opened()).anyMatch(name -> name.endsWith(".bin"));
  }

  /** Another table's files. */
  private static class Delegating implements TableFiles {
    private final TableFiles files;

    Delegating(TableFiles files) {
      this.files = files;
    }

    @Override
    public String address() {
      return files.address();
    }

    @Override
    public Location location() {
      return files.location();
    }

    @Override
    public List<LogFile> log(TableVersion wanted) {
      return files.log(wanted);
    }

    @Override
    public String whyNoLog() {
      return files.whyNoLog();
    }

    @Override
    public Path log(LogFile file) {
      return files.log(file);
    }

    @Override
    public void logAhead(List<LogFile> of) {
      files.logAhead(of);
    }

    @Override
    public String resolve(String name) {
      return files.resolve(name);
    }

    @Override
    public Held hold(String address, long size, Runnable checkpoint) {
      return files.hold(address, size, checkpoint);
    }

    @Override
    public Ahead ahead(List<io.hdl.data.delta.DataFile> of) {
      return files.ahead(of);
    }
  }
}
