package io.hdl.data.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.core.testing.TestData;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.DeltaTableWriter;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.filter.Filter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked
class TableProfileTest {
  private static final List<Column> COLUMNS =
      List.of(
          Column.of("shop", ColumnType.STRING),
          Column.of("item", ColumnType.INTEGER),
          Column.of("day", ColumnType.DATE),
          Column.of("units", ColumnType.LONG),
          Column.of("price", ColumnType.DOUBLE),
          Column.of("promo", ColumnType.BOOLEAN));

  @TempDir Path folder;

  private TableSnapshot table(List<Object[]> rows) {
    DeltaTableWriter writer = DeltaTableWriter.create(folder.resolve("t"), COLUMNS);
    writer.append(rows);
    return TableSnapshot.open(folder.resolve("t"), TableVersion.latest());
  }

  private static Object[] row(String shop, Integer item, int day, Long units, Double price) {
    return new Object[] {shop, item, LocalDate.of(2026, 1, day), units, price, units == null};
  }

  private static Map<String, Object> column(TableProfile profile, String name) {
    return profile.columns().stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow()
        .summary();
  }

  @Test
  void saysWhatIsInEachColumn() {
    TableSnapshot snapshot =
        table(
            List.of(
                row("a", 1, 1, Long.MAX_VALUE, 0.5),
                row("b", 2, 2, Long.MAX_VALUE, Double.NaN),
                row("a", 1, 3, null, Double.POSITIVE_INFINITY),
                row("é", null, 4, -5L, -1.5)));
    TableProfile profile = TableProfile.of(snapshot, ProfileSpec.allColumns(), 2, () -> {});
    assertThat(profile.rows()).isEqualTo(4);
    assertThat(profile.version()).isEqualTo(1);
    assertThat(column(profile, "shop"))
        .containsEntry("type", "string")
        .containsEntry("nulls", 0L)
        .containsEntry("min", "a")
        .containsEntry("max", "é")
        .containsEntry("mean", null)
        .containsEntry("distinct", 3L)
        .containsEntry("distinctExact", true);
    assertThat(column(profile, "units"))
        .containsEntry("nulls", 1L)
        .containsEntry("min", -5L)
        .containsEntry("max", Long.MAX_VALUE)
        .containsEntry("mean", new BigDecimal("6148914691236517203").doubleValue());
    assertThat(column(profile, "price"))
        .containsEntry("min", -1.5)
        .containsEntry("max", 0.5)
        .containsEntry("mean", -0.5)
        .containsEntry("nan", 1L)
        .containsEntry("posInf", 1L)
        .containsEntry("negInf", 0L)
        .containsEntry("distinct", 4L);
    assertThat(column(profile, "day"))
        .containsEntry("min", "2026-01-01")
        .containsEntry("max", "2026-01-04");
    assertThat(column(profile, "promo"))
        .containsEntry("min", false)
        .containsEntry("max", true)
        .containsEntry("mean", 0.25);
    String json = Json.write(profile.jsonWithChecksums());
    // The sum has more than 64 bits.
    assertThat(json).contains("\"sum\":\"18446744073709551609\"", "\"sumAbsBelow1e300\":\"-1.0\"");
    assertThat(json).contains("\"sumEpochDay\":\"81822\"", "\"true\":1");
  }

  @Test
  void readsTheColumnsThatAreAskedForAlone() {
    TableSnapshot snapshot = table(List.of(new Object[][] {row("a", 1, 1, 1L, 1.0)}));
    TableProfile profile =
        TableProfile.of(snapshot, ProfileSpec.columns("price", "item"), 1, () -> {});
    assertThat(profile.columns()).extracting(ColumnProfile::name).containsExactly("price", "item");
    assertThatThrownBy(() -> TableProfile.of(snapshot, ProfileSpec.columns("prize"), 1, () -> {}))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
        .hasMessageContaining("\"prize\"")
        .hasMessageContaining("known: shop, item");
  }

  @Test
  void isTheSameWhateverTheNumberOfThreads() {
    DeltaTableWriter writer = DeltaTableWriter.create(folder.resolve("t"), COLUMNS);
    for (int part = 0; part < 6; part++) {
      List<Object[]> rows = new ArrayList<>();
      for (int i = 0; i < 9000; i++) {
        rows.add(row("s" + i % 7000, i, 1 + i % 28, (long) i * part, 1.0 / (i + 1)));
      }
      writer.append(rows);
    }
    TableSnapshot snapshot = TableSnapshot.open(folder.resolve("t"), TableVersion.latest());
    ProfileSpec spec = ProfileSpec.allColumns().distinctLimit(1000);
    TableProfile one = TableProfile.of(snapshot, spec, 1, () -> {});
    TableProfile four = TableProfile.of(snapshot, spec, 4, () -> {});
    assertThat(four.jsonWithChecksums()).isEqualTo(one.jsonWithChecksums());
    for (int c = 0; c < one.columns().size(); c++) {
      ColumnProfile column = one.columns().get(c);
      ColumnProfile other = four.columns().get(c);
      assertThat(other.topValues()).isEqualTo(column.topValues());
      assertThat(other.sample().map(sample -> sample.quantile(0.3)))
          .isEqualTo(column.sample().map(sample -> sample.quantile(0.3)));
    }
    NumberSample units = one.columns().get(1).sample().orElseThrow();
    assertThat(units.isComplete()).isFalse();
    assertThat(units.total()).isEqualTo(54_000);
    assertThat(units.size()).isEqualTo(ColumnAccumulator.SAMPLE);
    // The sample is uniform over the table: deciles are where they belong.
    for (int decile = 1; decile < 10; decile++) {
      assertThat(units.quantile(decile / 10.0))
          .isBetween(decile * 900.0 - 100, decile * 900.0 + 100);
    }
    assertThat(units.between(0, 4500)).isBetween(26_500L, 27_500L);
    assertThat(one.columns().get(0).topValuesExact()).isFalse();
  }

  @Test
  void isOfTheRowsForWhichAConditionIsTrue() {
    List<Object[]> rows = new ArrayList<>();
    for (int day = 1; day <= 20; day++) {
      rows.add(row("a", day, day, (long) day, 1.0));
    }
    ProfileSpec spec = ProfileSpec.columns("units").where(Filter.parse("item > 5 and item <= 8"));
    TableProfile profile = TableProfile.of(table(rows), spec, 2, () -> {});
    assertThat(profile.rows()).isEqualTo(3);
    assertThat(profile.report().rowsFiltered()).isEqualTo(17);
    assertThat(column(profile, "units")).containsEntry("min", 6L).containsEntry("max", 8L);
    assertThat(profile.json()).containsEntry("where", "item > 5 and item <= 8");
  }

  @Test
  void findsTheGapsOfEachSeries() {
    List<Object[]> rows = new ArrayList<>();
    for (int day = 1; day <= 10; day++) {
      rows.add(row("a", 1, day, 1L, 1.0));
      if (day != 4 && day != 5 && day != 8) {
        rows.add(row("a", 2, day, 1L, 1.0));
      }
      if (day > 6) {
        rows.add(row("b", 1, day, 1L, 1.0));
      }
    }
    rows.add(row("b", 1, 9, 2L, 1.0));
    rows.add(row("b", null, 9, 2L, 1.0));
    ProfileSpec spec = ProfileSpec.columns("units").series(List.of("shop", "item"), "day");
    SeriesGaps gaps = TableProfile.of(table(rows), spec, 2, () -> {}).series().orElseThrow();
    assertThat(gaps.series())
        .extracting(SeriesGaps.Series::key)
        .containsExactly(List.of("a", "1"), List.of("a", "2"), List.of("b", "1"));
    SeriesGaps.Series holed = gaps.series().get(1);
    assertThat(holed.missing()).isEqualTo(3);
    assertThat(holed.gaps()).containsExactly(new SeriesGaps.Gap(3, 2), new SeriesGaps.Gap(7, 1));
    assertThat(gaps.time(3)).isEqualTo("2026-01-04");
    assertThat(holed.present(0, 5)).isEqualTo(3);
    // A series that begins late has no gap before its first row.
    assertThat(gaps.series().get(2).missing()).isZero();
    assertThat(gaps.summary())
        .containsEntry("series", 3)
        .containsEntry("times", 10)
        .containsEntry("duplicateRows", 1L)
        .containsEntry("rowsWithoutKeyOrTime", 1L)
        .containsEntry("seriesWithoutGaps", 2)
        .containsEntry("seriesWithAllTimes", 1)
        .containsEntry("gaps", 2L)
        .containsEntry("missingTimes", 3L)
        .containsEntry("longestGap", 2);
  }

  @Test
  void refusesAKeyOrTimeOfTheWrongType() {
    TableSnapshot snapshot = table(List.of(new Object[][] {row("a", 1, 1, 1L, 1.0)}));
    assertThatThrownBy(
            () ->
                TableProfile.of(
                    snapshot,
                    ProfileSpec.allColumns().series(List.of("shop"), "price"),
                    1,
                    () -> {}))
        .hasMessageContaining("Cannot take column \"price\" of type double")
        .hasMessageContaining("expected: a time");
    assertThatThrownBy(
            () ->
                TableProfile.of(
                    snapshot,
                    ProfileSpec.allColumns().series(List.of("price"), "day"),
                    1,
                    () -> {}))
        .hasMessageContaining("expected: a key");
  }

  @Test
  void namesListsAndMapsAndRefusesThemWhenAskedFor() {
    TableSnapshot snapshot =
        TableSnapshot.open(
            TestData.require("delta/all_types").resolve("table"), TableVersion.latest());
    TableProfile profile = TableProfile.of(snapshot, ProfileSpec.allColumns(), 2, () -> {});
    assertThat(column(profile, "m")).containsEntry("note", "not read").hasSize(2);
    assertThat(column(profile, "st.b.d")).containsEntry("note", "not read");
    assertThat(column(profile, "st.b.c")).containsEntry("type", "string");
    TableProfile struct = TableProfile.of(snapshot, ProfileSpec.columns("st"), 2, () -> {});
    assertThat(struct.columns())
        .extracting(ColumnProfile::name)
        .containsExactly("st.a", "st.b.c", "st.b.d");
    assertThatThrownBy(
            () -> TableProfile.of(snapshot, ProfileSpec.columns("id", "arr", "m"), 2, () -> {}))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_FEATURE))
        .hasMessageContaining("Cannot read columns \"arr\"")
        .hasMessageContaining("\"m\" (map");
  }
}
