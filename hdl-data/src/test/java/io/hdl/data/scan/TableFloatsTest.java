package io.hdl.data.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import io.hdl.data.delta.DeltaTableWriter;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked
class TableFloatsTest {
  private static final List<String> NAMES = List.of("region", "units", "price", "promo");

  @TempDir Path folder;
  private TableSnapshot snapshot;

  @BeforeEach
  void write() {
    DeltaTableWriter writer =
        DeltaTableWriter.create(
            folder,
            List.of(
                Column.of("region", ColumnType.INTEGER),
                Column.of("units", ColumnType.LONG),
                Column.of("price", ColumnType.DOUBLE),
                Column.of("promo", ColumnType.BOOLEAN),
                Column.of("item", ColumnType.STRING)),
            "region");
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      rows.add(
          new Object[] {
            i % 3 == 0 ? null : i % 3, (long) i, i % 7 == 0 ? null : i / 8.0, i % 2 == 0, "i" + i
          });
    }
    writer.append(rows);
    snapshot = TableSnapshot.open(folder, TableVersion.latest());
  }

  /** The same columns out of batches, in the order of their numbers. */
  private static List<List<Float>> batches(TableScan scan) {
    Map<Long, List<List<Float>>> found = new ConcurrentSkipListMap<>();
    scan.read(
        NAMES.stream().map(ScanColumn::floats).toList(),
        (number, batch) -> {
          List<List<Float>> columns = new ArrayList<>();
          for (ColumnVector vector : batch.columns()) {
            List<Float> column = new ArrayList<>();
            for (int row = 0; row < batch.rows(); row++) {
              column.add(((ColumnVector.Floats) vector).value(row));
            }
            columns.add(column);
          }
          found.put(number, columns);
        });
    List<List<Float>> all = new ArrayList<>();
    NAMES.forEach(name -> all.add(new ArrayList<>()));
    for (List<List<Float>> batch : found.values()) {
      for (int c = 0; c < all.size(); c++) {
        all.get(c).addAll(batch.get(c));
      }
    }
    return all;
  }

  @Test
  void givesTheSameRowsAsBatchesDo() {
    for (int threads : new int[] {1, 3, 40}) {
      try (TableScan scan = TableScan.open(snapshot, threads, () -> {});
          FloatColumns floats = scan.floats(NAMES)) {
        assertThat(floats.rows()).isEqualTo(3000);
        assertThat(floats.columns()).isEqualTo(4);
        List<List<Float>> expected = batches(scan);
        for (int c = 0; c < NAMES.size(); c++) {
          FloatBuffer column = floats.column(c);
          List<Float> read = new ArrayList<>();
          while (column.hasRemaining()) {
            read.add(column.get());
          }
          assertThat(read).as(NAMES.get(c)).isEqualTo(expected.get(c));
        }
      }
    }
  }

  @Test
  void numbersBatchesAlikeWhateverTheThreads() {
    Map<Integer, Map<Long, Integer>> sizes = new HashMap<>();
    for (int threads : new int[] {1, 4}) {
      Map<Long, Integer> found = new ConcurrentHashMap<>();
      try (TableScan scan = TableScan.open(snapshot, threads, () -> {})) {
        scan.read(List.of(ScanColumn.values("item")), (n, batch) -> found.put(n, batch.rows()));
        assertThat(scan.rows()).isEqualTo(3000);
      }
      sizes.put(threads, found);
    }
    assertThat(sizes.get(1)).isEqualTo(sizes.get(4)).hasSize(3);
  }

  @Test
  void fillsMemoryThatIsThereAgain() {
    try (TableScan scan = TableScan.open(snapshot, 2, () -> {});
        FloatColumns into = FloatColumns.allocate(3000, 1)) {
      scan.floats(List.of("units"), into);
      float sum = into.column(0).get(5) + into.column(0).get(2999);
      scan.floats(List.of("units"), into);
      assertThat(into.column(0).get(5) + into.column(0).get(2999)).isEqualTo(sum).isPositive();
      assertThatThrownBy(() -> scan.floats(NAMES, into))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("into: 1 columns of 3000 rows (expected: 4 of 3000)");
    }
  }

  @Test
  void refusesTextsAndTooManyRows() {
    try (TableScan scan = TableScan.open(snapshot, 2, () -> {})) {
      assertThatThrownBy(() -> scan.floats(List.of("item")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("column \"item\" as floats: string (expected: a number");
    }
    assertThatThrownBy(() -> FloatColumns.allocate(1L << 29, 1))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY))
        .hasMessageContaining("Cannot hold 536870912 rows in one column");
  }

  @Test
  void closedMemoryIsNotGivenOut() {
    FloatColumns columns = FloatColumns.allocate(10, 2);
    columns.close();
    columns.close();
    assertThatThrownBy(() -> columns.column(0)).isInstanceOf(IllegalStateException.class);
  }
}
