package io.hdl.data.scan;

import static io.hdl.data.scan.ExpectedSchema.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.DataFile;
import io.hdl.data.delta.DeltaTableWriter;
import io.hdl.data.delta.LogFiles;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.filter.Filter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpectedSchemaTest {
  @TempDir Path table;
  private TableSnapshot snapshot;

  @BeforeEach
  void writeTable() {
    DeltaTableWriter writer =
        DeltaTableWriter.create(
            table,
            List.of(
                Column.of("store", ColumnType.INTEGER),
                Column.of("brand", ColumnType.STRING),
                Column.of("price", ColumnType.DOUBLE),
                Column.of("date", ColumnType.DATE),
                Column.of("region", ColumnType.STRING)),
            "region");
    writer.append(
        List.of(
            row(1, "a", 1.0, "north"),
            row(2, "b", 2.0, "north"),
            row(9, "c", 3.0, "south"),
            row(7, null, null, "south")));
    snapshot = TableSnapshot.open(table, TableVersion.latest());
  }

  private static @Nullable Object[] row(
      int store, @Nullable String brand, @Nullable Double price, String region) {
    return new @Nullable Object[] {store, brand, price, LocalDate.of(2020, 1, store), region};
  }

  private static ColumnType type(String name) {
    return switch (name) {
      case "byte" -> ColumnType.BYTE;
      case "short" -> ColumnType.SHORT;
      case "integer" -> ColumnType.INTEGER;
      case "long" -> ColumnType.LONG;
      case "float" -> ColumnType.FLOAT;
      case "double" -> ColumnType.DOUBLE;
      case "date" -> ColumnType.DATE;
      case "timestamp" -> ColumnType.TIMESTAMP;
      case "timestamp_ntz" -> ColumnType.TIMESTAMP_NTZ;
      case "string" -> ColumnType.STRING;
      case "char" -> ColumnType.fixedLength(3);
      case "variant" -> ColumnType.other("variant");
      default -> {
        String[] digits = name.split("_", -1);
        yield ColumnType.decimal(Integer.parseInt(digits[1]), Integer.parseInt(digits[2]));
      }
    };
  }

  @ParameterizedTest
  @CsvSource({
    "integer, integer, true",
    "integer, long, true",
    "byte, short, true",
    "long, integer, false",
    "integer, double, true",
    "long, double, false",
    "integer, float, false",
    "float, double, true",
    "double, float, false",
    "short, d_5_0, true",
    "short, d_6_2, false",
    "long, d_20_1, true",
    "d_10_2, d_12_4, true",
    "d_10_2, d_12_2, true",
    "d_10_2, d_11_4, false",
    "d_10_2, d_10_2, true",
    "d_10_2, double, false",
    "date, timestamp_ntz, true",
    "date, timestamp, false",
    "string, char, true",
    "variant, variant, true",
    "variant, string, false"
  })
  void acceptsWhatTypeWideningMakesOfAType(String expected, String found, boolean accepted) {
    assertThat(column("c", type(expected)).accepts(type(found))).isEqualTo(accepted);
    assertThat(column("c", type(expected)).exactly().accepts(type(found)))
        .isEqualTo(expected.equals(found));
  }

  private void refuses(ErrorCode code, ExpectedSchema expected, Filter filter, String... parts) {
    assertThatThrownBy(() -> expected.check(snapshot, filter))
        .isInstanceOfSatisfying(HdlException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContainingAll(parts);
    assertThatThrownBy(() -> TableScan.open(snapshot, filter, expected, 1, () -> {}))
        .isInstanceOf(HdlException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void namesAllDeviationsAtOnceBeforeAnyDataIsRead() throws IOException {
    for (DataFile file : snapshot.files()) {
      Files.writeString(Path.of(file.address()), "not read");
    }
    refuses(
        ErrorCode.SCHEMA_MISMATCH,
        ExpectedSchema.of(
            column("store", ColumnType.STRING),
            column("item", ColumnType.LONG).required(),
            column("brand", ColumnType.STRING).required(),
            column("price", ColumnType.DOUBLE).between("a", 3),
            column("date", ColumnType.DATE).between("2020-01-01", "2020-01-05"),
            column("region", ColumnType.STRING).oneOf("north", "east")),
        Filter.all(),
        "The table " + table + " at version 1 is not as expected:",
        "- column \"store\" is integer (expected: string or wider)",
        "- column \"item\" is missing (known: store, brand, price, date, region)",
        "- \"brand is not null\" does not hold in 1 file, ",
        "column \"price\" is double, but text 'a' is not",
        "- \"date between '2020-01-01' and '2020-01-05'\" does not hold in 1 file, ",
        "- \"region in ('north', 'east')\" does not hold in 1 file, ",
        "Correct the table where it is written");
  }

  @Test
  void isContentWithATableThatIsAsExpected() {
    ExpectedSchema expected =
        ExpectedSchema.of(
            column("store", ColumnType.SHORT).required().between(1, 9),
            column("brand", ColumnType.STRING).oneOf("a", "b", "c"),
            column("price", ColumnType.DOUBLE).between(1, 3),
            column("region", ColumnType.STRING).required());
    assertThatCode(() -> expected.check(snapshot, Filter.all())).doesNotThrowAnyException();
    try (TableScan scan = TableScan.open(snapshot, Filter.all(), expected, 2, () -> {})) {
      assertThat(scan.read(ScanColumn.values(List.of("date")), (n, batch) -> {})).isEqualTo(4);
    }
    assertThat(expected.columns().get(0))
        .hasToString("store short or wider, required, store between 1 and 9");
  }

  @Test
  void looksAtTheRowsOnlyThatAreRead() {
    ExpectedSchema expected =
        ExpectedSchema.of(
            column("brand", ColumnType.STRING).required(),
            column("store", ColumnType.INTEGER).between(1, 8));
    refuses(ErrorCode.INVALID_DATA, expected, Filter.all(), "brand is not null", "store between");
    expected.check(snapshot, Filter.parse("region = 'north'"));
    try (TableScan scan =
        TableScan.open(snapshot, Filter.parse("store < 3"), expected, 1, () -> {})) {
      assertThat(scan.read(List.of(), (n, batch) -> {})).isEqualTo(2);
    }
    try (TableScan scan =
        TableScan.open(snapshot, Filter.parse("price < 3 or price > 2"), expected, 1, () -> {})) {
      assertThatThrownBy(() -> scan.read(List.of(), (n, batch) -> {}))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
          .hasMessageContaining("\"store between 1 and 8\" does not hold for a row of ")
          .hasMessageContaining("whose value is 9.");
    }
  }

  @Test
  void looksAtRowsWhereTheLogDoesNotTellInTheFirstReadOnly() {
    LogFiles.edit(table, 1, text -> text.replaceAll(",\"stats\":\"(\\\\.|[^\"])*\"", ""));
    TableSnapshot bare = TableSnapshot.open(table, TableVersion.latest());
    assertThat(bare.rows()).isEmpty();
    ExpectedSchema good =
        ExpectedSchema.of(column("brand", ColumnType.STRING).oneOf("a", "b", "c"));
    ExpectedSchema wrong =
        ExpectedSchema.of(
            column("brand", ColumnType.STRING).oneOf("a", "b"),
            column("date", ColumnType.DATE).required());
    List<Integer> widths = new ArrayList<>();
    try (TableScan scan = TableScan.open(bare, Filter.all(), good, 1, () -> {})) {
      scan.read(ScanColumn.values(List.of("store")), (n, b) -> widths.add(b.columns().size()));
      scan.read(ScanColumn.values(List.of("store")), (n, b) -> widths.add(b.columns().size()));
      assertThat(widths).containsOnly(1).hasSize(4);
    }
    try (TableScan scan = TableScan.open(bare, Filter.all(), wrong, 1, () -> {})) {
      assertThatThrownBy(() -> scan.read(ScanColumn.values(List.of("store")), (n, batch) -> {}))
          .hasMessageContaining("\"brand in ('a', 'b')\" does not hold for a row of ")
          .hasMessageContaining("whose value is 'c'.");
    }
    try (TableScan scan = TableScan.open(bare, Filter.all(), wrong, 1, () -> {})) {
      assertThatThrownBy(() -> scan.floats(List.of("store")))
          .hasMessageContaining("whose value is 'c'.");
    }
  }

  @Test
  void believesADeclarationThatThereAreNoNulls() {
    LogFiles.edit(
        table,
        0,
        text ->
            text.replace(
                "\\\"name\\\":\\\"brand\\\",\\\"type\\\":\\\"string\\\",\\\"nullable\\\":true",
                "\\\"name\\\":\\\"brand\\\",\\\"type\\\":\\\"string\\\",\\\"nullable\\\":false"));
    TableSnapshot declared = TableSnapshot.open(table, TableVersion.latest());
    assertThat(declared.columns().get(1).nullable()).isFalse();
    ExpectedSchema.of(column("brand", ColumnType.STRING).required()).check(declared, Filter.all());
  }
}
