package io.hdl.data.hostile;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * A small Parquet file of every flat type, in several row groups and pages with checksums, as the
 * one data file of a table.
 *
 * @param name tells which
 * @param codec the compression
 * @param version of the pages
 * @param dictionary whether dictionaries are tried
 * @param split whether floats are written in BYTE_STREAM_SPLIT
 */
record ParquetBase(
    String name,
    CompressionCodecName codec,
    WriterVersion version,
    boolean dictionary,
    boolean split) {
  static final int ROWS = 260;

  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message spark_schema {
            required int32 key;
            optional int32 i;
            optional int64 l;
            optional float f;
            optional double d;
            optional boolean b;
            optional binary s (UTF8);
            optional binary x;
            optional int32 day (DATE);
            optional int64 at (TIMESTAMP(MICROS,true));
            optional int96 old;
            optional int32 d9 (DECIMAL(9,2));
            optional int64 d18 (DECIMAL(18,4));
            optional fixed_len_byte_array(16) d38 (DECIMAL(38,10));
            optional group st {
              optional int64 n;
              required group in {
                optional binary t (UTF8);
              }
            }
          }
          """);

  @SuppressWarnings("InlineFormatString") // long
  private static final String LOG =
      """
      {"protocol":{"minReaderVersion":1,"minWriterVersion":2}}
      {"metaData":{"id":"base","format":{"provider":"parquet","options":{}},"schemaString":"%s","partitionColumns":[],"configuration":{},"createdTime":0}}
      {"add":{"path":"data.parquet","partitionValues":{},"size":%d,"modificationTime":0,"dataChange":true,"stats":"{\\"numRecords\\":%d}"}}
      """;

  /** The files that are damaged: every codec, both page versions, every encoding. */
  static List<ParquetBase> all() {
    WriterVersion v1 = WriterVersion.PARQUET_1_0;
    WriterVersion v2 = WriterVersion.PARQUET_2_0;
    return List.of(
        new ParquetBase("none-v1-plain", CompressionCodecName.UNCOMPRESSED, v1, false, false),
        new ParquetBase("none-v1-dictionary", CompressionCodecName.UNCOMPRESSED, v1, true, false),
        new ParquetBase("none-v2-delta", CompressionCodecName.UNCOMPRESSED, v2, false, false),
        new ParquetBase("none-v2-split", CompressionCodecName.UNCOMPRESSED, v2, false, true),
        new ParquetBase("snappy-v1", CompressionCodecName.SNAPPY, v1, true, false),
        new ParquetBase("snappy-v2", CompressionCodecName.SNAPPY, v2, true, false),
        new ParquetBase("zstd-v1", CompressionCodecName.ZSTD, v1, true, false),
        new ParquetBase("zstd-v2", CompressionCodecName.ZSTD, v2, false, false),
        new ParquetBase("gzip-v1", CompressionCodecName.GZIP, v1, true, false),
        new ParquetBase("gzip-v2", CompressionCodecName.GZIP, v2, false, true),
        new ParquetBase("lz4_raw-v1", CompressionCodecName.LZ4_RAW, v1, true, false),
        new ParquetBase("lz4_raw-v2", CompressionCodecName.LZ4_RAW, v2, false, false));
  }

  /** Writes the table into a folder and returns the path of its data file. */
  Path write(Path table) throws IOException {
    Files.createDirectories(table.resolve("_delta_log"));
    Path file = table.resolve("data.parquet");
    Files.deleteIfExists(file);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(SCHEMA)
            .withCompressionCodec(codec)
            .withWriterVersion(version)
            .withDictionaryEncoding(dictionary)
            .withByteStreamSplitEncoding(split)
            .withPageWriteChecksumEnabled(true)
            .withRowGroupRowCountLimit(140)
            .withPageRowCountLimit(50)
            .withMinRowCountForPageSizeCheck(10)
            .build()) {
      Random random = new Random(name.hashCode());
      for (int row = 0; row < ROWS; row++) {
        writer.write(row(row, random));
      }
    }
    Files.writeString(
        table.resolve("_delta_log/00000000000000000000.json"),
        String.format(LOG, schema().replace("\"", "\\\""), Files.size(file), ROWS));
    return file;
  }

  private static Group row(int row, Random random) {
    Group group = new SimpleGroup(SCHEMA);
    group.add("key", row);
    boolean runs = row / 20 % 2 == 0;
    if (filled(random)) {
      group.add("i", runs ? 7 : random.nextInt());
    }
    if (filled(random)) {
      group.add("l", runs ? random.nextInt(5) : random.nextLong());
    }
    if (filled(random)) {
      group.add("f", runs ? 1.5f : Float.intBitsToFloat(random.nextInt()));
    }
    if (filled(random)) {
      group.add("d", runs ? random.nextInt(3) / 4.0 : Double.longBitsToDouble(random.nextLong()));
    }
    if (filled(random)) {
      group.add("b", random.nextInt(4) == 0);
    }
    if (filled(random)) {
      group.add("s", runs ? "common" : "ä€" + "x".repeat(random.nextInt(9)) + random.nextInt(50));
    }
    if (filled(random)) {
      byte[] bytes = new byte[random.nextInt(6)];
      random.nextBytes(bytes);
      group.add("x", Binary.fromConstantByteArray(bytes));
    }
    if (filled(random)) {
      group.add("day", random.nextInt(20000));
    }
    if (filled(random)) {
      group.add("at", 1_600_000_000_000_000L + random.nextInt());
    }
    if (filled(random)) {
      byte[] old =
          ByteBuffer.allocate(12)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(random.nextInt() & 0xFFFFFFFL)
              .putInt(2_450_000 + random.nextInt(9000))
              .array();
      group.add("old", Binary.fromConstantByteArray(old));
    }
    if (filled(random)) {
      group.add("d9", random.nextInt(999_999_999));
    }
    if (filled(random)) {
      group.add("d18", random.nextLong() % 1_000_000_000_000_000L);
    }
    if (filled(random)) {
      byte[] digits = new BigInteger(120, random).subtract(BigInteger.ONE).toByteArray();
      byte[] fixed = new byte[16];
      Arrays.fill(fixed, (byte) (digits[0] < 0 ? -1 : 0));
      System.arraycopy(digits, 0, fixed, 16 - digits.length, digits.length);
      group.add("d38", Binary.fromConstantByteArray(fixed));
    }
    if (filled(random)) {
      Group struct = group.addGroup("st");
      if (filled(random)) {
        struct.add("n", random.nextLong());
      }
      Group inner = struct.addGroup("in");
      if (filled(random)) {
        inner.add("t", "text" + random.nextInt(30));
      }
    }
    return group;
  }

  private static boolean filled(Random random) {
    return random.nextInt(6) != 0;
  }

  private static String schema() {
    String inner = struct(field("t", "\"string\""));
    return struct(
        field("key", "\"integer\""),
        field("i", "\"integer\""),
        field("l", "\"long\""),
        field("f", "\"float\""),
        field("d", "\"double\""),
        field("b", "\"boolean\""),
        field("s", "\"string\""),
        field("x", "\"binary\""),
        field("day", "\"date\""),
        field("at", "\"timestamp\""),
        field("old", "\"timestamp\""),
        field("d9", "\"decimal(9,2)\""),
        field("d18", "\"decimal(18,4)\""),
        field("d38", "\"decimal(38,10)\""),
        field("st", struct(field("n", "\"long\""), field("in", inner))));
  }

  private static String field(String name, String type) {
    return String.format(
        "{\"name\":\"%s\",\"type\":%s,\"nullable\":true,\"metadata\":{}}", name, type);
  }

  private static String struct(String... fields) {
    return "{\"type\":\"struct\",\"fields\":[" + String.join(",", fields) + "]}";
  }
}
