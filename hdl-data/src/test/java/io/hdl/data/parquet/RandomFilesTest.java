package io.hdl.data.parquet;

import io.hdl.data.column.DeletedRows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random columns, values and settings of the writer: hdl's decoder and parquet-java's reader both
 * give what was written, as values and as floats, whole and in parts.
 */
@NullUnmarked
class RandomFilesTest {
  private static final List<CompressionCodecName> CODECS =
      List.of(
          CompressionCodecName.UNCOMPRESSED,
          CompressionCodecName.SNAPPY,
          CompressionCodecName.GZIP,
          CompressionCodecName.ZSTD,
          CompressionCodecName.LZ4_RAW);

  @TempDir Path folder;

  static LongStream seeds() {
    return LongStream.range(0, Integer.getInteger("hdl.randomFiles", 40));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void givesWhatWasWritten(long seed) throws Exception {
    Random random = new Random(seed);
    int rows = random.nextInt(10) == 0 ? 66_000 + random.nextInt(5000) : random.nextInt(4000);
    SampleFile sample = new SampleFile();
    int columns = rows > 10_000 ? 2 : 1 + random.nextInt(6);
    for (int c = 0; c < columns; c++) {
      sample.add(data(random, rows));
    }
    SampleFile.Settings settings =
        new SampleFile.Settings(
            CODECS.get(random.nextInt(CODECS.size())),
            random.nextBoolean() ? WriterVersion.PARQUET_1_0 : WriterVersion.PARQUET_2_0,
            random.nextBoolean(),
            random.nextBoolean(),
            64 << random.nextInt(12),
            1 + random.nextInt(random.nextBoolean() ? 50 : 20_000),
            random.nextBoolean() ? Integer.MAX_VALUE : 200 + random.nextInt(rows + 1),
            64 << random.nextInt(12));
    Path file = folder.resolve("sample.parquet");
    sample.write(file, settings);

    DeletedRows some =
        DeletedRows.at(LongStream.range(0, rows).filter(row -> random.nextInt(20) == 0).toArray());
    for (ColumnDecoder decoder : List.of(ColumnDecoder.standard(), JavaDecoder.INSTANCE)) {
      new SampleReading(sample, file, decoder, DeletedRows.NONE).check();
      new SampleReading(sample, file, decoder, some).check();
      ranges(new Random(seed), sample, file, decoder, some);
    }
    Files.delete(file);
  }

  private static void ranges(
      Random random, SampleFile sample, Path file, ColumnDecoder decoder, DeletedRows deleted) {
    ColumnDecoder.DataFileReader reader = decoder.open(file);
    long first = 0;
    for (int group = 0; group < Math.min(3, reader.rowGroups()); group++) {
      long rows = reader.rows(group);
      long from = random.nextLong(rows + 1);
      long to = from + random.nextLong(rows - from + 1);
      new SampleReading(sample, file, decoder, deleted).check(group, first, from, to);
      first += rows;
    }
  }

  private static SampleFile.Data data(Random random, int rows) {
    List<SampleColumn> all = List.copyOf(EnumSet.allOf(SampleColumn.class));
    SampleColumn column = all.get(random.nextInt(all.size()));
    boolean required = random.nextInt(4) == 0;
    double nulls = required ? 0 : new double[] {0, 0.05, 0.5, 0.95, 1}[random.nextInt(5)];
    int distinct = 1 << random.nextInt(14);
    boolean runs = random.nextBoolean();
    List<SampleColumn.@Nullable Value> values = new ArrayList<>();
    long number = 0;
    boolean none = false;
    for (int row = 0; row < rows; row++) {
      if (!runs || random.nextInt(30) == 0) {
        number = random.nextInt(distinct);
        none = random.nextDouble() < nulls;
      }
      values.add(none ? null : column.value(number));
    }
    return new SampleFile.Data(column, random.nextInt(3), required, values);
  }
}
