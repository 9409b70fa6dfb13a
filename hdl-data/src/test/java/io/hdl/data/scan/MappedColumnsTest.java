package io.hdl.data.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.DeltaTableWriter;
import io.hdl.data.delta.LogFiles;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.filter.Filter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log written by hand over files whose columns have other names than the table's. */
class MappedColumnsTest {
  @TempDir Path table;

  @BeforeEach
  void writeFiles() throws IOException {
    DeltaTableWriter writer =
        DeltaTableWriter.create(
            table,
            List.of(Column.of("p1", ColumnType.INTEGER), Column.of("p2", ColumnType.INTEGER)));
    writer.append(List.of(new Object[] {1, 10}, new Object[] {2, 20}));
    writer.append(List.of(new Object[] {3, 30}, new Object[] {4, 40}));
    List<String> adds = new ArrayList<>();
    for (int version = 1; version <= 2; version++) {
      Files.readAllLines(LogFiles.commit(table, version)).stream()
          .filter(line -> line.startsWith("{\"add\""))
          .forEach(adds::add);
      Files.delete(LogFiles.commit(table, version));
    }
    Files.createDirectories(table.resolve("_delta_log"));
    Files.write(LogFiles.commit(table, 1), adds);
  }

  private TableSnapshot mapped(String mode) {
    LogFiles.write(
        table,
        0,
        "{\"protocol\":{\"minReaderVersion\":2,\"minWriterVersion\":5}}",
        LogFiles.metadata(
            List.of(
                // Swapped: the table's p1 is the files' p2, and the other way round.
                LogFiles.field("p1", "integer", mapping("p2", 1)),
                LogFiles.field("weekly sales", "integer", mapping("p1", 2)),
                LogFiles.field("added", "string", mapping("p3", 3)),
                LogFiles.field(
                    "list",
                    "{\"type\":\"array\",\"elementType\":\"integer\",\"containsNull\":true}",
                    mapping("p4", 4)),
                LogFiles.field("v", "variant", mapping("p5", 5))),
            "\"delta.columnMapping.mode\":\"" + mode + "\""));
    return TableSnapshot.open(table, TableVersion.latest());
  }

  private static String mapping(String physical, int id) {
    return "\"delta.columnMapping.physicalName\":\""
        + physical
        + "\",\"delta.columnMapping.id\":"
        + id;
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "id"})
  void filtersByTheTablesNamesAndPrunesByTheFilesNames(String mode) {
    TableSnapshot snapshot = mapped(mode);
    ScannedRows found =
        ScannedRows.read(
            snapshot,
            List.of("p1", "weekly sales", "added"),
            Filter.parse("p1 > 25 and `weekly sales` != 4"),
            1);
    assertThat(found.rows()).hasSize(1);
    assertThat(found.rows().get(0)).containsExactly(30L, 3L, null);
    assertThat(found.report().filesSkipped()).isEqualTo(1);
    assertThat(found.report().rowsFiltered()).isEqualTo(1);
    assertThat(ScannedRows.read(snapshot, List.of("p1"), Filter.parse("added is null"), 1).rows())
        .as("a column that no file has")
        .hasSize(4);
    assertThat(ScannedRows.read(snapshot, List.of("p1"), Filter.parse("added != 'x'"), 1).rows())
        .isEmpty();
  }

  @Test
  void refusesByNameWhatIsNotReadOnlyWhenItIsAskedFor() {
    TableSnapshot snapshot = mapped("name");
    try (TableScan scan = TableScan.open(snapshot, 1, () -> {})) {
      assertThat(scan.read(ScanColumn.values(List.of("p1")), (n, batch) -> {})).isEqualTo(4);
      assertThatThrownBy(
              () -> scan.read(ScanColumn.values(List.of("p1", "list", "v")), (n, batch) -> {}))
          .isInstanceOfSatisfying(
              HdlException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_FEATURE))
          .hasMessageContaining("Cannot read columns \"list\" (array<integer>), \"v\" (variant) of")
          .hasMessageContaining("Choose a plain column or a leaf of a struct.");
    }
    assertThatThrownBy(() -> TableScan.open(snapshot, Filter.parse("v is null"), 1, () -> {}))
        .hasMessageContaining("column \"v\" is variant, which has no single values");
  }

  @Test
  void refusesAMappingThatItDoesNotKnow() {
    assertThatThrownBy(() -> mapped("colour"))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("colour");
  }

  @Test
  void malformedStatisticsPruneNothingAndFailNothing() {
    LogFiles.edit(
        table,
        1,
        text -> text.replaceFirst("\"stats\":\"(\\\\.|[^\"])*\"", "\"stats\":\"{minValues\""));
    ScannedRows found =
        ScannedRows.read(mapped("name"), List.of("p1"), Filter.parse("p1 >= 20 and p1 < 40"), 1);
    assertThat(found.rows()).hasSize(2);
    assertThat(found.report().filesSkipped()).isZero();
  }
}
