package io.hdl.data.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.data.column.ColumnVector;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.scan.ScanColumn;
import io.hdl.data.scan.TableScan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table many times larger than the heap, each file one row group larger than the heap. */
class BoundedMemoryTest {
  private static final int ROWS = 1_000_000;
  private static final int FILES = 4;
  private static final int HEAP_MIB = 64;

  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message spark_schema {
            required int64 key;
            optional double a;
            optional double b;
            optional double c;
            optional double d;
            optional double e;
            optional double f;
            optional double g;
            optional double h;
            optional binary s (UTF8);
          }
          """);

  @TempDir Path folder;

  /**
   * Reads a table and prints how many rows it has and the most heap that was in use, garbage
   * included.
   */
  static final class Reader {
    private Reader() {}

    /** Arguments: table. */
    public static void main(String[] args) {
      TableSnapshot snapshot = TableSnapshot.open(Path.of(args[0]), TableVersion.latest());
      List<String> names = CanonicalRows.leaves(snapshot);
      LongAdder keys = new LongAdder();
      LongAccumulator used = new LongAccumulator(Math::max, 0);
      try (TableScan scan = TableScan.open(snapshot, 2, () -> {})) {
        long rows =
            scan.read(
                ScanColumn.values(names),
                (number, batch) -> {
                  ColumnVector.Longs key = (ColumnVector.Longs) batch.columns().get(0);
                  for (int row = 0; row < batch.rows(); row++) {
                    keys.add(key.value(row));
                  }
                  used.accumulate(
                      Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
                });
        long floats =
            scan.read(
                names.subList(1, 9).stream().map(ScanColumn::floats).toList(), (n, batch) -> {});
        System.out.println("rows " + rows + " and " + floats + ", keys " + keys.sum());
      }
      System.out.println("peak heap " + (used.get() >> 20) + " MiB");
      System.exit(0);
    }
  }

  @Test
  void readsATableManyTimesLargerThanTheHeap() throws Exception {
    Path table = folder.resolve("table");
    long size = write(table);
    assertThat(size).as("one row group").isGreaterThan((HEAP_MIB + 2L) << 20);
    try (ChildJvm child =
        ChildJvm.start(
            folder,
            List.of("-Xmx" + HEAP_MIB + "m", "-XX:MaxDirectMemorySize=128m"),
            Reader.class,
            table.toString())) {
      int exit = child.join(Duration.ofMinutes(4));
      assertThat(exit).as(child.output()).isZero();
      long rows = (long) FILES * ROWS;
      assertThat(child.output())
          .contains("rows " + rows + " and " + rows)
          .contains("keys " + FILES * ((long) ROWS * (ROWS - 1) / 2));
      System.out.println(
          FILES + " files of " + (size >> 20) + " MiB: " + child.output().strip().lines().toList());
    }
  }

  private static long write(Path table) throws IOException {
    Files.createDirectories(table.resolve("_delta_log"));
    Path first = table.resolve("data-0.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(first))
            .withConf(new PlainParquetConfiguration())
            .withType(SCHEMA)
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .withDictionaryEncoding(false)
            .withRowGroupSize(1L << 30)
            .build()) {
      Random random = new Random(1);
      for (int row = 0; row < ROWS; row++) {
        Group group = new SimpleGroup(SCHEMA);
        group.add(0, (long) row);
        for (int column = 1; column <= 8; column++) {
          group.add(column, random.nextDouble());
        }
        group.add(9, "text " + random.nextInt(100_000));
        writer.write(group);
      }
    }
    StringBuilder log = new StringBuilder();
    log.append("{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}\n");
    log.append(
        "{\"metaData\":{\"id\":\"large\",\"format\":{\"provider\":\"parquet\",\"options\":{}},");
    log.append("\"schemaString\":\"{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":[");
    String[] names = {"key", "a", "b", "c", "d", "e", "f", "g", "h", "s"};
    for (int i = 0; i < names.length; i++) {
      String type = i == 0 ? "long" : i == 9 ? "string" : "double";
      log.append(i == 0 ? "" : ",")
          .append("{\\\"name\\\":\\\"" + names[i] + "\\\",\\\"type\\\":\\\"" + type)
          .append("\\\",\\\"nullable\\\":true,\\\"metadata\\\":{}}");
    }
    log.append("]}\",\"partitionColumns\":[],\"configuration\":{},\"createdTime\":0}}\n");
    for (int file = 0; file < FILES; file++) {
      if (file > 0) {
        Files.createLink(table.resolve("data-" + file + ".parquet"), first);
      }
      log.append(
              "{\"add\":{\"path\":\"data-" + file + ".parquet\",\"partitionValues\":{},\"size\":")
          .append(Files.size(first))
          .append(",\"modificationTime\":0,\"dataChange\":true}}\n");
    }
    Files.writeString(table.resolve("_delta_log/00000000000000000000.json"), log);
    return Files.size(first);
  }
}
