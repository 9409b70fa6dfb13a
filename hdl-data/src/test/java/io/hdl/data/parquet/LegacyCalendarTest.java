package io.hdl.data.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnForm;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import io.hdl.data.column.DeletedRows;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LegacyCalendarTest {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          "message spark_schema { optional int32 day (DATE);"
              + " optional int64 at (TIMESTAMP(MICROS,true)); }");
  private static final Map<String, String> LEGACY =
      Map.of("org.apache.spark.version", "4.2.0", "org.apache.spark.legacyDateTime", "");
  private static final FileColumn DAY = FileColumn.of("day", ColumnType.DATE);
  private static final FileColumn AT = FileColumn.of("at", ColumnType.TIMESTAMP);

  @TempDir Path folder;

  private Path write(Map<String, String> metadata, LocalDate... days) throws IOException {
    Path file = folder.resolve("file.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(SCHEMA)
            .withExtraMetaData(metadata)
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .build()) {
      for (LocalDate day : days) {
        Group row = new SimpleGroup(SCHEMA);
        row.add("day", (int) day.toEpochDay());
        row.add("at", day.toEpochDay() * 86_400_000_000L);
        writer.write(row);
      }
    }
    return file;
  }

  private static List<Long> read(Path file, FileColumn column) {
    List<Long> values = new ArrayList<>();
    ColumnDecoder.DataFileReader reader = ColumnDecoder.standard().open(file);
    reader.decode(
        0,
        0,
        reader.rows(0),
        List.of(column),
        DeletedRows.NONE,
        batch -> {
          ColumnVector.Longs longs = (ColumnVector.Longs) batch.columns().get(0);
          for (int row = 0; row < batch.rows(); row++) {
            values.add(longs.value(row));
          }
        });
    return values;
  }

  private static void refuses(Path file, FileColumn column, String before) {
    assertThatThrownBy(() -> read(file, column))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_FEATURE))
        .hasMessageContaining(
            "Cannot read column \"" + column.name() + "\" of " + file + ": it has values before ")
        .hasMessageContaining(before + " in the legacy calendar of Spark");
  }

  @Test
  void refusesDaysThatMeanOthersThanTheySeem() throws IOException {
    Path file = write(LEGACY, LocalDate.of(2020, 1, 1), LocalDate.of(1582, 10, 14));
    refuses(file, DAY, "1582-10-15");
    refuses(file, AT, "1900-01-01");
    assertThatThrownBy(
            () ->
                ColumnDecoder.standard()
                    .open(file)
                    .floats(
                        0,
                        0,
                        2,
                        DAY.as(ColumnForm.FLOAT),
                        DeletedRows.NONE,
                        FloatBuffer.allocate(2),
                        0))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("legacy calendar");
  }

  @Test
  void readsDaysOnWhichTheCalendarsAgree() throws IOException {
    Path file = write(LEGACY, LocalDate.of(2020, 1, 1), LocalDate.of(1900, 1, 1));
    assertThat(read(file, DAY)).containsExactly(18262L, -25567L);
    assertThat(read(file, AT)).hasSize(2);
    Path older = write(LEGACY, LocalDate.of(1582, 10, 15));
    assertThat(read(older, DAY)).containsExactly(-141_427L);
  }

  @Test
  void readsOldDaysOfAFileThatSaysNothingOfTheKind() throws IOException {
    Path file = write(Map.of("org.apache.spark.version", "3.5.0"), LocalDate.of(1, 1, 1));
    assertThat(read(file, DAY)).containsExactly(-719_162L);
    assertThat(read(file, AT)).containsExactly(-719_162L * 86_400_000_000L);
  }

  @Test
  void takesSparkBeforeThreeForLegacy() throws IOException {
    refuses(
        write(Map.of("org.apache.spark.version", "2.4.8"), LocalDate.of(1500, 1, 1)),
        DAY,
        "1582-10-15");
  }
}
