package io.hdl.benchmarks.peers;

import io.hdl.data.column.ColumnForm;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.DeletedRows;
import io.hdl.data.parquet.ColumnDecoder;
import io.hdl.data.parquet.FileColumn;
import io.hdl.data.scan.FloatColumns;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Rows per second out of one data file, 13 columns of numbers, one thread: hdl's decoder into
 * floats, parquet-java's column reader into the same, and decompression alone.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@SuppressWarnings("NullAway.Init") // JMH calls setUp before anything else
public class DecodeBenchmark {
  private static final int SERIES = 512;
  private static final int ROWS = SERIES * SalesRows.DAYS;

  /** The file's compression. */
  @Param({"SNAPPY", "ZSTD"})
  public String codec;

  private Path folder;
  private Path file;
  private FloatColumns into;

  /** Writes the file, about 20 MB. */
  @Setup(Level.Trial)
  public void setUp() throws IOException {
    folder = Files.createTempDirectory("hdl-decode");
    file = folder.resolve("part.parquet");
    SalesFile.write(file, CompressionCodecName.valueOf(codec), 0, SERIES, 128L << 20);
    into = FloatColumns.allocate(ROWS, SalesColumns.NUMBERS.size());
  }

  /** Removes it. */
  @TearDown(Level.Trial)
  public void tearDown() throws IOException {
    into.close();
    Files.delete(file);
    Files.delete(folder);
  }

  /** hdl's decoder. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long hdl() {
    ColumnDecoder.DataFileReader reader = ColumnDecoder.standard().open(file);
    long values = 0;
    for (int c = 0; c < SalesColumns.NUMBERS.size(); c++) {
      String name = SalesColumns.NUMBERS.get(c);
      FileColumn column = FileColumn.of(name, type(name)).as(ColumnForm.FLOAT);
      int at = 0;
      for (int group = 0; group < reader.rowGroups(); group++) {
        at += (int) reader.floats(group, column, DeletedRows.NONE, into.column(c), at);
      }
      values += at;
    }
    return values;
  }

  private static ColumnType type(String name) {
    String type = SalesColumns.TYPES.getOrDefault(name, "");
    return new ColumnType(
        ColumnType.Kind.valueOf(type.toUpperCase(Locale.ROOT)), 0, 0, List.of(), "");
  }

  /** Pages read and decompressed, and nothing else. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long decompression() throws IOException {
    return Decompression.read(folder, 1, into);
  }

  /** parquet-java's column reader. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long parquetJava() throws IOException {
    long at = 0;
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      MessageType schema = reader.getFileMetaData().getSchema();
      List<ColumnDescriptor> wanted = new ArrayList<>(schema.getColumns());
      wanted.removeIf(column -> !SalesColumns.NUMBERS.contains(column.getPath()[0]));
      reader.setRequestedSchema(wanted);
      for (PageReadStore pages = reader.readNextRowGroup();
          pages != null;
          pages = reader.readNextRowGroup()) {
        ColumnReadStoreImpl store =
            new ColumnReadStoreImpl(
                pages,
                new GroupRecordConverter(schema).getRootConverter(),
                schema,
                reader.getFileMetaData().getCreatedBy());
        for (int c = 0; c < wanted.size(); c++) {
          read(store.getColumnReader(wanted.get(c)), into.column(c), (int) at);
        }
        at += pages.getRowCount();
      }
    }
    return at;
  }

  private static void read(ColumnReader reader, FloatBuffer into, int at) {
    int present = reader.getDescriptor().getMaxDefinitionLevel();
    long rows = reader.getTotalValueCount();
    for (int row = 0; row < rows; row++) {
      into.put(at + row, reader.getCurrentDefinitionLevel() == present ? value(reader) : Float.NaN);
      reader.consume();
    }
  }

  private static float value(ColumnReader reader) {
    return switch (reader.getDescriptor().getPrimitiveType().getPrimitiveTypeName()) {
      case BOOLEAN -> reader.getBoolean() ? 1 : 0;
      case INT32 -> reader.getInteger();
      case INT64 -> reader.getLong();
      case FLOAT -> reader.getFloat();
      case DOUBLE -> (float) reader.getDouble();
      default -> throw new IllegalStateException(reader.getDescriptor().toString());
    };
  }
}
