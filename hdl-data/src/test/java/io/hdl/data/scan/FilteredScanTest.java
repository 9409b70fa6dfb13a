package io.hdl.data.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.testing.TestData;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.DeltaTableWriter;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.filter.Filter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilteredScanTest {
  private static final List<Column> COLUMNS =
      List.of(
          Column.of("i", ColumnType.INTEGER),
          Column.of("l", ColumnType.LONG),
          Column.of("f", ColumnType.FLOAT),
          Column.of("d", ColumnType.DOUBLE),
          Column.of("s", ColumnType.STRING),
          Column.of("b", ColumnType.BOOLEAN),
          Column.of("day", ColumnType.DATE),
          Column.of("at", ColumnType.TIMESTAMP),
          Column.of("part", ColumnType.STRING));
  private static final List<String> NAMES = COLUMNS.stream().map(Column::name).toList();

  @TempDir Path folder;

  /** Files whose values lie close together, with all that is awkward strewn in. */
  private static List<@Nullable Object[]> randomRows(SplittableRandom random, int count) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    int centre = random.nextInt(100) - 50;
    boolean awkward = random.nextInt(3) == 0;
    for (int i = 0; i < count; i++) {
      int value = centre + random.nextInt(6);
      List<Object> floats =
          awkward
              ? List.of(Float.NaN, -0f, 0f, Float.NEGATIVE_INFINITY, Float.MAX_VALUE, 0.1f)
              : List.of(value / 3f);
      List<Object> doubles =
          awkward
              ? List.of(Double.NaN, -0.0, 0.0, Double.POSITIVE_INFINITY, Double.MIN_VALUE, 0.1)
              : List.of(value / 7.0);
      List<Object> texts =
          awkward
              ? List.of("", "\uD83D\uDE00", "\uFFFD", "ä", "x".repeat(40) + value, "'")
              : List.of(Character.toString('a' + Math.floorMod(value, 26)) + value);
      @Nullable Object[] row = {
        value,
        awkward && i % 2 == 0 ? Long.MAX_VALUE - i : value * 1_000_000_007L,
        floats.get(random.nextInt(floats.size())),
        doubles.get(random.nextInt(doubles.size())),
        texts.get(random.nextInt(texts.size())),
        random.nextBoolean(),
        LocalDate.ofEpochDay(value * 3L),
        Instant.ofEpochSecond(value * 1000L, random.nextInt(1_000_000) * 1000L),
        random.nextInt(5) == 0 ? null : "p" + Math.floorMod(centre, 3)
      };
      int nulls = random.nextInt(awkward ? 3 : 1);
      for (int n = 0; n < nulls; n++) {
        row[random.nextInt(row.length)] = null;
      }
      rows.add(row);
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aFilterGivesWhatLookingAtEveryRowGives(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Path path = folder.resolve("table");
    DeltaTableWriter writer =
        seed % 2 == 0
            ? DeltaTableWriter.create(path, COLUMNS, "part")
            : DeltaTableWriter.create(path, COLUMNS);
    for (int commit = 0; commit < 8; commit++) {
      writer.append(randomRows(random, 1 + random.nextInt(40)));
    }
    TableSnapshot snapshot = TableSnapshot.open(path, TableVersion.latest());
    checkRandomFilters(snapshot, NAMES, random, 120, "seed " + seed);
  }

  private static void checkRandomFilters(
      TableSnapshot snapshot,
      List<String> columns,
      SplittableRandom random,
      int filters,
      String what) {
    Map<String, ColumnType> types = TableScan.types(snapshot, columns);
    List<@Nullable Object[]> all = ScannedRows.read(snapshot, columns, Filter.all(), 2).rows();
    ReferenceFilter reference = new ReferenceFilter(columns, types);
    RandomFilters source = new RandomFilters(random, columns, types, all);
    long skipped = 0;
    long filtered = 0;
    for (int i = 0; i < filters; i++) {
      Filter filter = source.next();
      List<@Nullable Object[]> expected =
          all.stream().filter(row -> reference.passes(filter, row)).toList();
      ScannedRows found = ScannedRows.read(snapshot, columns, filter, 2);
      assertThat(Arrays.deepEquals(found.rows().toArray(), expected.toArray()))
          .as("%s, filter: %s", what, filter)
          .isTrue();
      ReadReport report = found.report();
      skipped += report.filesSkipped();
      filtered += report.rowsFiltered();
      if (snapshot.files().stream().allMatch(file -> file.deletionVector().isEmpty())) {
        assertThat(report.rowsRead() + report.rowsFiltered() + report.rowsSkipped())
            .as("%s, filter: %s", what, filter)
            .isEqualTo(all.size());
      }
    }
    assertThat(skipped).as("%s: files skipped", what).isPositive();
    assertThat(filtered).as("%s: rows filtered", what).isPositive();
  }

  @Test
  void skipsFilesAndCountsThem() {
    DeltaTableWriter writer = DeltaTableWriter.create(folder, COLUMNS, "part");
    writer.append(List.of(row(1, "a"), row(2, "a"), row(3, "b")));
    writer.append(List.of(row(10, "a"), row(11, "a"), row(12, "c"), row(13, "c")));
    TableSnapshot snapshot = TableSnapshot.open(folder, TableVersion.latest());
    ReadReport byPartition = report(snapshot, Filter.parse("part = 'a'"));
    assertThat(byPartition.files()).isEqualTo(4);
    assertThat(byPartition.filesSkipped()).isEqualTo(2);
    assertThat(byPartition.rowsSkipped()).isEqualTo(3);
    assertThat(byPartition.rowsFiltered()).isZero();
    assertThat(byPartition.rowsRead()).isEqualTo(4);
    ReadReport byStatistics = report(snapshot, Filter.parse("i between 11 and 12"));
    assertThat(byStatistics.filesSkipped()).isEqualTo(2);
    assertThat(byStatistics.rowsSkipped()).isEqualTo(3);
    assertThat(byStatistics.rowsFiltered()).isEqualTo(2);
    assertThat(byStatistics.rowsRead()).isEqualTo(2);
    assertThat(byStatistics.bytesRead()).isPositive();
    ReadReport nothing = report(snapshot, Filter.parse("i > 13"));
    assertThat(nothing.filesSkipped()).isEqualTo(4);
    assertThat(nothing.rowsRead()).isZero();
    assertThat(nothing.bytesRead()).isZero();
  }

  private static @Nullable Object[] row(int i, @Nullable String part) {
    return new @Nullable Object[] {
      i, (long) i, i / 2f, i / 2.0, "t" + i, i % 2 == 0, LocalDate.ofEpochDay(i), null, part
    };
  }

  private static ReadReport report(TableSnapshot snapshot, Filter filter) {
    return ScannedRows.read(snapshot, List.of("l"), filter, 1).report();
  }

  @Test
  void batchesOfSeveralReadsLineUp() {
    DeltaTableWriter writer = DeltaTableWriter.create(folder, COLUMNS);
    writer.append(
        IntStream.range(0, 200_000).mapToObj(i -> row(i, i % 7 == 0 ? null : "x")).toList());
    TableSnapshot snapshot = TableSnapshot.open(folder, TableVersion.latest());
    Filter filter = Filter.parse("not (i > 100 and i < 150000) and part is not null");
    List<Long> first = new ArrayList<>();
    List<Long> second = new ArrayList<>();
    try (TableScan scan = TableScan.open(snapshot, filter, 2, () -> {})) {
      scan.read(ScanColumn.values(List.of("l")), (n, batch) -> add(first, n, batch.rows()));
      scan.read(ScanColumn.values(List.of("s", "d")), (n, batch) -> add(second, n, batch.rows()));
      first.sort(null);
      second.sort(null);
      assertThat(first).isNotEmpty().isEqualTo(second);
      long expected =
          IntStream.range(0, 200_000).filter(i -> !(i > 100 && i < 150_000) && i % 7 != 0).count();
      assertThat(scan.rows()).isEqualTo(expected);
    }
  }

  private static void add(List<Long> list, long number, int rows) {
    synchronized (list) {
      list.add(number * 100_000 + rows);
    }
  }

  @Test
  void floatsAreFilteredAsWell() {
    DeltaTableWriter writer = DeltaTableWriter.create(folder, COLUMNS, "part");
    writer.append(List.of(row(1, "a"), row(2, "a"), row(3, "b")));
    writer.append(List.of(row(10, "a"), row(11, "a"), row(12, "c"), row(13, "c")));
    TableSnapshot snapshot = TableSnapshot.open(folder, TableVersion.latest());
    Filter filter = Filter.parse("i in (2, 3, 11, 12) and s != 't3'");
    try (TableScan scan = TableScan.open(snapshot, filter, 2, () -> {});
        FloatColumns floats = scan.floats(List.of("d", "i"))) {
      assertThat(floats.rows()).isEqualTo(3);
      List<Float> halves = new ArrayList<>();
      for (int row = 0; row < 3; row++) {
        halves.add(floats.column(0).get(row));
        assertThat(floats.column(1).get(row)).isEqualTo(2 * floats.column(0).get(row));
      }
      assertThat(halves).containsExactlyInAnyOrder(1f, 5.5f, 6f);
    }
  }

  @Test
  void aColumnMayBeReadInOneFormAndTestedInAnother() {
    DeltaTableWriter writer = DeltaTableWriter.create(folder, COLUMNS);
    writer.append(List.of(row(1, "a"), row(2, "a"), row(3, "b")));
    TableSnapshot snapshot = TableSnapshot.open(folder, TableVersion.latest());
    try (TableScan scan = TableScan.open(snapshot, Filter.parse("l >= 2"), 1, () -> {})) {
      List<Float> values = new ArrayList<>();
      scan.read(
          List.of(ScanColumn.floats("l"), ScanColumn.values("l"), ScanColumn.floats("l")),
          (n, batch) -> {
            for (int row = 0; row < batch.rows(); row++) {
              values.add(
                  ((io.hdl.data.column.ColumnVector.Floats) batch.columns().get(2)).value(row));
            }
          });
      assertThat(values).containsExactly(2f, 3f);
    }
  }

  @Test
  void refusesWhatDoesNotFitTheTable() {
    DeltaTableWriter.create(folder, COLUMNS);
    TableSnapshot snapshot = TableSnapshot.open(folder, TableVersion.latest());
    refuses(
        snapshot,
        "j = 1 and k = 2",
        "Cannot read columns \"j\", \"k\" of",
        "(known: i, l, f, d, s, b, day, at, part). Check the names in the filter");
    refuses(
        snapshot,
        "s = 3 and i = 'x' and day >= '2011' and b > 1 and l < nan and at = 'noon'",
        "column \"s\" is string, but number 3 is not; ",
        "column \"i\" is integer, but text 'x' is not; ",
        "column \"day\" is date, but text '2011' is not (write it as 2011-01-31); ",
        "column \"b\" is boolean, but number 1 is not; ",
        "column \"l\" is long, but floating-point value nan is not; ",
        "column \"at\" is timestamp, but text 'noon' is not (write it as 2011-01-31 or",
        "Compare columns with values of their own types.");
  }

  private static void refuses(TableSnapshot snapshot, String filter, String... parts) {
    assertThatThrownBy(() -> TableScan.open(snapshot, Filter.parse(filter), 1, () -> {}))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
        .hasMessageContainingAll(parts);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          retail_plain          | store,date,weekly_sales,year
          retail_dv             | store,dept,date,weekly_sales,markdown1,store_type
          retail_type_widening  |
          retail_colmap_name    |
          all_types             | id,b,i8,i16,i32,i64,f32,f64,d9,d18,d38,s,dt,ts,tsn,st.a,st.b.c
          online_retail_tx      | invoice_no,quantity,invoice_date,country
          """)
  void filtersRealTablesAsLookingAtEveryRowDoes(String table, @Nullable String columns) {
    Path path = TestData.require("delta/" + table).resolve("table");
    TableSnapshot snapshot = TableSnapshot.open(path, TableVersion.latest());
    List<String> names =
        columns != null
            ? List.of(columns.split(","))
            : snapshot.columns().stream().map(Column::name).toList();
    checkRandomFilters(snapshot, names, new SplittableRandom(7), 6, table);
  }
}
