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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullUnmarked
class DirectDecoderTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("part.parquet");
  }

  private static Long[] numbers(int count, int distinct) {
    return LongStream.range(0, count).mapToObj(i -> i * 7 % distinct).toArray(Long[]::new);
  }

  private static void readAll(ColumnDecoder.DataFileReader reader, FileColumn... columns) {
    for (int group = 0; group < reader.rowGroups(); group++) {
      reader.decode(group, List.of(columns), DeletedRows.NONE, batch -> {});
    }
  }

  private static FileColumn column(String name, ColumnType type) {
    return FileColumn.of(name, type);
  }

  private static void assertFails(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorCode code, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(HdlException.class, e -> assertThat(e.code()).isEqualTo(code))
        .satisfies(e -> List.of(parts).forEach(part -> assertThat(e).hasMessageContaining(part)));
  }

  @Test
  void aTextOfTheDictionaryIsOneStringInAllBatches() throws IOException {
    new SampleFile()
        .add(SampleColumn.STRING, numbers(150_000, 10))
        .write(file(), SampleFile.Settings.plain());
    List<String> first = new ArrayList<>();
    ColumnDecoder.standard()
        .open(file())
        .decode(
            0,
            List.of(column("c0", ColumnType.STRING)),
            DeletedRows.NONE,
            batch -> {
              ColumnVector.Texts texts = (ColumnVector.Texts) batch.columns().get(0);
              assertThat(texts.dictionary()).hasSize(10);
              first.add(texts.dictionary().get(texts.code(0)));
              int seven = texts.dictionary().indexOf(first.get(0));
              assertThat(texts.dictionary().get(seven)).isSameAs(first.get(0));
            });
    assertThat(first).hasSize(3);
  }

  @Test
  void aBatchHasOnlyTheTextsOfRowsThatAreLeft() throws IOException {
    new SampleFile()
        .add(SampleColumn.STRING, 1L, 2L, 3L, 2L)
        .write(file(), SampleFile.Settings.plain());
    ColumnDecoder.standard()
        .open(file())
        .decode(
            0,
            List.of(column("c0", ColumnType.STRING)),
            DeletedRows.at(0, 2),
            batch ->
                assertThat(((ColumnVector.Texts) batch.columns().get(0)).dictionary()).hasSize(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 30, 100, 200, 400, 700, 1500, 3000, 6000})
  void readsDictionariesOfEverySize(int distinct) throws IOException {
    Long[] numbers = numbers(40_000, distinct);
    // Some rows without a value, alone and in a row.
    for (int i = 0; i < numbers.length; i += i % 4 == 0 ? 1 : 97) {
      numbers[i] = null;
    }
    SampleFile sample =
        new SampleFile()
            .add(SampleColumn.DOUBLE, numbers)
            .add(SampleColumn.INT64, numbers(40_000, distinct))
            .add(SampleColumn.STRING, numbers)
            .write(file(), SampleFile.Settings.plain());
    new SampleReading(sample, file(), ColumnDecoder.standard(), DeletedRows.NONE).check();
    new SampleReading(sample, file(), ColumnDecoder.standard(), DeletedRows.at(5, 6, 20_001))
        .check(0, 0, 19_990, 39_000);
  }

  @Test
  void readsPagesThatLeaveTheDictionary() throws IOException {
    // The dictionary is full after some pages; those after it are stored as they are.
    SampleFile sample = new SampleFile();
    for (SampleColumn type :
        List.of(SampleColumn.STRING, SampleColumn.INT64, SampleColumn.DOUBLE)) {
      sample.add(type, numbers(30_000, 9973));
    }
    sample.write(
        file(),
        new SampleFile.Settings(
            CompressionCodecName.SNAPPY,
            WriterVersion.PARQUET_1_0,
            true,
            false,
            4000,
            1000,
            Long.MAX_VALUE,
            30_000));
    for (ColumnDecoder decoder : List.of(ColumnDecoder.standard(), JavaDecoder.INSTANCE)) {
      new SampleReading(sample, file(), decoder, DeletedRows.NONE).check();
    }
  }

  @Test
  void givesNullsForAColumnThatTheFileDoesNotHave() throws IOException {
    new SampleFile().add(SampleColumn.INT32, 1L, 2L).write(file(), SampleFile.Settings.plain());
    FloatBuffer into = FloatBuffer.allocate(2);
    FileColumn absent = column("other", ColumnType.INTEGER);
    assertThat(ColumnDecoder.standard().open(file()).floats(0, absent, DeletedRows.NONE, into, 0))
        .isEqualTo(2);
    assertThat(into.get(0)).isNaN();
    ColumnDecoder.standard()
        .open(file())
        .decode(
            0,
            List.of(absent),
            DeletedRows.NONE,
            batch -> assertThat(batch.columns().get(0).isNull(1)).isTrue());
  }

  @Test
  void countsRowsWithoutColumns() throws IOException {
    new SampleFile()
        .add(SampleColumn.INT32, numbers(70_000, 5))
        .write(file(), SampleFile.Settings.plain());
    List<Integer> rows = new ArrayList<>();
    ColumnDecoder.standard()
        .open(file())
        .decode(0, List.of(), DeletedRows.at(3, 69_999), batch -> rows.add(batch.rows()));
    assertThat(rows).containsExactly(65_535, 4463);
  }

  @Test
  void namesNoFallbackForWhatItReads() throws IOException {
    new SampleFile().add(SampleColumn.INT32, 1L).write(file(), SampleFile.Settings.plain());
    ColumnDecoder.DataFileReader reader = ColumnDecoder.standard().open(file());
    assertThat(reader.fallback(column("c0", ColumnType.INTEGER))).isEmpty();
    assertThat(reader.fallback(column("absent", ColumnType.INTEGER))).isEmpty();
    assertThat(JavaDecoder.INSTANCE.open(file()).fallback(column("c0", ColumnType.INTEGER)))
        .contains("parquet-java's reader was chosen");
  }

  @Test
  void refusesWhatCannotBecomeTheTablesType() throws IOException {
    new SampleFile()
        .add(SampleColumn.STRING, 1L)
        .add(SampleColumn.INT64, 1L)
        .add(SampleColumn.UINT32, 1L)
        .write(file(), SampleFile.Settings.plain());
    ColumnDecoder.DataFileReader reader = ColumnDecoder.standard().open(file());
    assertFails(
        () -> readAll(reader, column("c0", ColumnType.LONG)),
        ErrorCode.SCHEMA_MISMATCH,
        "Cannot read column \"c0\"",
        "as long: the file holds optional binary c0 (STRING)");
    assertFails(() -> readAll(reader, column("c1", ColumnType.INTEGER)), ErrorCode.SCHEMA_MISMATCH);
    assertFails(() -> readAll(reader, column("c2", ColumnType.INTEGER)), ErrorCode.SCHEMA_MISMATCH);
    assertThatThrownBy(() -> readAll(reader, column("c0", ColumnType.STRING).as(ColumnForm.FLOAT)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("column \"c0\" as floats: string (expected: a number");
  }

  @Test
  void refusesAPlaceThatIsTooSmall() throws IOException {
    new SampleFile().add(SampleColumn.INT32, 1L, 2L).write(file(), SampleFile.Settings.plain());
    ColumnDecoder.DataFileReader reader = ColumnDecoder.standard().open(file());
    FileColumn column = column("c0", ColumnType.INTEGER);
    assertThatThrownBy(() -> reader.floats(0, column, DeletedRows.NONE, FloatBuffer.allocate(3), 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("at: 2 (expected: room for 2 values in 3)");
    assertThatThrownBy(() -> reader.decode(0, 1, 3, List.of(column), DeletedRows.NONE, b -> {}))
        .hasMessage("rows: 1 to 3 (expected: within the row group's 2 rows)");
  }

  @Test
  void tellsMissingFilesFromOthers() throws IOException {
    assertFails(
        () -> ColumnDecoder.standard().open(folder.resolve("none.parquet")),
        ErrorCode.NOT_FOUND,
        "it does not exist");
    Files.writeString(file(), "This is no Parquet file.");
    assertFails(
        () -> ColumnDecoder.standard().open(file()),
        ErrorCode.CORRUPT_DATA,
        "it does not end with PAR1");
    Files.writeString(file(), "PAR1");
    assertFails(() -> ColumnDecoder.standard().open(file()), ErrorCode.CORRUPT_DATA, "too few");
    Files.writeString(file(), "PAR1............PARE");
    assertFails(
        () -> ColumnDecoder.standard().open(file()),
        ErrorCode.UNSUPPORTED_FEATURE,
        "the file is encrypted");
  }

  @Test
  void refusesAFooterThatDoesNotFit() throws IOException {
    for (int length : new int[] {-1, 0, 9, Integer.MAX_VALUE}) {
      ByteBuffer bytes = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putInt(12, length).put(16, new byte[] {'P', 'A', 'R', '1'});
      Files.write(file(), bytes.array());
      assertFails(
          () -> ColumnDecoder.standard().open(file()),
          ErrorCode.CORRUPT_DATA,
          "its footer should have " + length + " bytes");
    }
  }

  @Test
  void refusesAFooterWhoseListsAreLongerThanItIs() throws IOException {
    // A schema of two thousand million columns in a footer of a few bytes.
    byte[] footer = {0x15, 2, 0x19, (byte) 0xFC, -1, -1, -1, -1, 7, 0};
    ByteBuffer bytes = ByteBuffer.allocate(12 + footer.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {'P', 'A', 'R', '1'}).put(footer).putInt(footer.length);
    bytes.put(new byte[] {'P', 'A', 'R', '1'});
    Files.write(file(), bytes.array());
    assertFails(
        () -> ColumnDecoder.standard().open(file()),
        ErrorCode.CORRUPT_DATA,
        "its footer ends within a value");
  }

  @Test
  void noticesAFileThatShrinksOrVanishes() throws IOException {
    new SampleFile()
        .add(SampleColumn.INT64, numbers(50_000, 40_000))
        .write(file(), SampleFile.Settings.plain());
    ColumnDecoder.DataFileReader reader = ColumnDecoder.standard().open(file());
    FileColumn column = column("c0", ColumnType.LONG);
    byte[] all = Files.readAllBytes(file());
    Files.write(file(), Arrays.copyOf(all, all.length / 2));
    assertFails(
        () -> readAll(reader, column),
        ErrorCode.CORRUPT_DATA,
        "column \"c0\" in row group 0",
        "the file ends at byte " + all.length / 2);
    assertFails(
        () -> reader.floats(0, column, DeletedRows.NONE, FloatBuffer.allocate(50_000), 0),
        ErrorCode.CORRUPT_DATA);
    Files.delete(file());
    assertFails(() -> readAll(reader, column), ErrorCode.NOT_FOUND, "does not exist");
  }

  @Test
  void aFlippedBitInAPageFailsItsChecksum() throws IOException {
    new SampleFile()
        .add(SampleColumn.INT64, numbers(1000, 1000))
        .write(file(), SampleFile.Settings.plain());
    byte[] bytes = Files.readAllBytes(file());
    bytes[2000] ^= 1;
    Files.write(file(), bytes);
    assertFails(
        () -> readAll(ColumnDecoder.standard().open(file()), column("c0", ColumnType.LONG)),
        ErrorCode.CORRUPT_DATA,
        "fails its checksum",
        "Restore the file, or read a version of the table without it.");
  }

  @Test
  void damagedFilesGiveAnErrorOrRows() throws IOException {
    int refused = 0;
    for (int version = 0; version < 4; version++) {
      SampleFile sample = new SampleFile();
      for (SampleColumn type : SampleColumn.values()) {
        sample.add(type, numbers(300, 1 + 100 * version));
      }
      Files.deleteIfExists(file());
      sample.write(
          file(),
          new SampleFile.Settings(
              version % 2 == 0 ? CompressionCodecName.UNCOMPRESSED : CompressionCodecName.ZSTD,
              version < 2 ? WriterVersion.PARQUET_1_0 : WriterVersion.PARQUET_2_0,
              version != 2,
              version == 3,
              700,
              100,
              200,
              1 << 20));
      byte[] good = Files.readAllBytes(file());
      Random random = new Random(version);
      FloatBuffer into = FloatBuffer.allocate(400);
      for (int i = 0; i < 40; i++) {
        byte[] bad = good.clone();
        for (int flips = random.nextInt(3); flips >= 0; flips--) {
          bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
        }
        Files.write(file(), bad);
        for (int c = 0; c < sample.columns().size(); c++) {
          try {
            ColumnDecoder.DataFileReader reader = ColumnDecoder.standard().open(file());
            readAll(reader, sample.fileColumn(c, ColumnForm.VALUE));
            if (sample.columns().get(c).column().isNumber() && reader.rowGroups() > 0) {
              FileColumn column = sample.fileColumn(c, ColumnForm.FLOAT);
              reader.floats(0, 0, Math.min(300, reader.rows(0)), column, DeletedRows.NONE, into, 0);
            }
          } catch (HdlException e) {
            assertThat(e.code())
                .isIn(
                    ErrorCode.CORRUPT_DATA,
                    ErrorCode.UNSUPPORTED_FEATURE,
                    ErrorCode.SCHEMA_MISMATCH);
            refused++;
          }
        }
      }
    }
    assertThat(refused).isGreaterThan(100);
  }
}
