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
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeltaTableWriterTest {
  private static final List<Column> COLUMNS =
      List.of(
          Column.of("store", ColumnType.INTEGER),
          Column.of("item", ColumnType.STRING),
          Column.of("date", ColumnType.DATE),
          Column.of("at", ColumnType.TIMESTAMP),
          Column.of("units", ColumnType.DOUBLE),
          Column.of("price", ColumnType.FLOAT),
          Column.of("id", ColumnType.LONG),
          Column.of("promo", ColumnType.BOOLEAN));

  @TempDir Path folder;

  private static Object[] row(int store) {
    return new Object[] {
      store,
      "ü/%" + store,
      LocalDate.of(2020, 1, store),
      Instant.parse("2020-01-01T05:00:00Z"),
      1.5,
      null,
      7L,
      true
    };
  }

  @Test
  void eachCallCommitsOneVersion() {
    DeltaTableWriter writer = DeltaTableWriter.create(folder.resolve("sales"), COLUMNS);
    assertThat(writer.append(List.of(row(1), row(2)))).isEqualTo(1);
    assertThat(writer.overwrite(List.<Object[]>of(row(3)))).isEqualTo(2);
    assertThat(DeltaTableWriter.open(folder.resolve("sales")).append(List.of())).isEqualTo(3);
    assertThat(folder.resolve("sales/_delta_log/00000000000000000003.json")).exists();
  }

  @Test
  void writesAPlainProtocol() throws IOException {
    DeltaTableWriter writer = DeltaTableWriter.create(folder, COLUMNS, "item", "date");
    writer.append(List.of(row(1), row(2), row(1)));
    assertThat(Files.readString(folder.resolve("_delta_log/00000000000000000000.json")))
        .contains("\"minReaderVersion\":1");
    assertThat(Files.readString(folder.resolve("_delta_log/00000000000000000001.json")))
        .contains("\"partitionValues\":{\"date\":\"2020-01-01\",\"item\":\"ü/%1\"}");
  }

  @Test
  void refusesAValueOfAnotherType() {
    DeltaTableWriter writer = DeltaTableWriter.create(folder, COLUMNS);
    Object[] wrong = row(2);
    wrong[2] = "2020-01-02";
    assertThatThrownBy(() -> writer.append(List.of(row(1), wrong)))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessage("row 1, column \"date\": a String (expected: LocalDate)");
    assertThat(folder.resolve("_delta_log/00000000000000000001.json")).doesNotExist();
  }

  @Test
  void refusesToCreateATableTwice() {
    DeltaTableWriter.create(folder, COLUMNS);
    assertThatThrownBy(() -> DeltaTableWriter.create(folder, COLUMNS))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("there is one already");
  }

  @Test
  void refusesToOpenWhatIsNoTable() {
    assertThatThrownBy(() -> DeltaTableWriter.open(folder.resolve("nowhere")))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_A_DELTA_TABLE));
  }

  @Test
  void refusesATypeThatIsNotWritten() {
    List<Column> columns = List.of(Column.of("d", ColumnType.decimal(10, 2)));
    assertThatThrownBy(() -> DeltaTableWriter.create(folder, columns))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_FEATURE))
        .hasMessageStartingWith("Cannot write column \"d\": its type decimal(10,2) is not written");
  }
}
