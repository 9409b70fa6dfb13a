package io.hdl.data.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * Small tables by hand, with a log of every kind of file: commits, checksums, a classic checkpoint
 * or one of version 2 with a sidecar, deletion vectors in a file and in the log. What lies before
 * the checkpoint has been cleaned up, so that the checkpoint is needed.
 */
final class LogBase {
  private static final MessageType ROW =
      MessageTypeParser.parseMessageType(
          "message spark_schema { optional int32 key; optional binary t (UTF8); }");

  private static final MessageType ACTION =
      MessageTypeParser.parseMessageType(
          """
          message spark_schema {
            optional group protocol {
              optional int32 minReaderVersion;
              optional int32 minWriterVersion;
              optional group readerFeatures (LIST) {
                repeated group list { optional binary element (UTF8); }
              }
              optional group writerFeatures (LIST) {
                repeated group list { optional binary element (UTF8); }
              }
            }
            optional group metaData {
              optional binary id (UTF8);
              optional group format {
                optional binary provider (UTF8);
                optional group options (MAP) {
                  repeated group key_value {
                    required binary key (UTF8);
                    optional binary value (UTF8);
                  }
                }
              }
              optional binary schemaString (UTF8);
              optional group partitionColumns (LIST) {
                repeated group list { optional binary element (UTF8); }
              }
              optional group configuration (MAP) {
                repeated group key_value {
                  required binary key (UTF8);
                  optional binary value (UTF8);
                }
              }
              optional int64 createdTime;
            }
            optional group add {
              optional binary path (UTF8);
              optional group partitionValues (MAP) {
                repeated group key_value {
                  required binary key (UTF8);
                  optional binary value (UTF8);
                }
              }
              optional int64 size;
              optional int64 modificationTime;
              optional boolean dataChange;
              optional binary stats (UTF8);
              optional group deletionVector {
                optional binary storageType (UTF8);
                optional binary pathOrInlineDv (UTF8);
                optional int32 offset;
                optional int32 sizeInBytes;
                optional int64 cardinality;
              }
            }
            optional group remove {
              optional binary path (UTF8);
              optional int64 deletionTimestamp;
              optional boolean dataChange;
            }
          }
          """);

  private static final String SCHEMA =
      "{\"type\":\"struct\",\"fields\":["
          + "{\"name\":\"key\",\"type\":\"integer\",\"nullable\":true,\"metadata\":{}},"
          + "{\"name\":\"t\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}},"
          + "{\"name\":\"p\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}]}";
  private static final String UUID = "ab3fdd5a-7c1e-4f9b-8f1c-0f8a6c5d4e3b";
  private static final int ROWS = 9;

  private final Path table;
  private final boolean modern;

  private LogBase(Path table, boolean modern) {
    this.table = table;
    this.modern = modern;
  }

  /** Reader version 1, classic checkpoint. */
  static Path classic(Path table) throws IOException {
    new LogBase(table, false).write();
    return table;
  }

  /** Reader version 3, deletion vectors, checkpoint of version 2 with a sidecar. */
  static Path modern(Path table) throws IOException {
    new LogBase(table, true).write();
    return table;
  }

  private void write() throws IOException {
    Files.createDirectories(table.resolve("_delta_log/_sidecars"));
    for (int file = 0; file < 5; file++) {
      data(file);
    }
    byte[] inFile = DeletedPositions.file(DeletedPositions.bitmap(1, 4, 7));
    Files.write(table.resolve("deletion_vector_" + dvUuid() + ".bin"), inFile);
    if (modern) {
      sidecar();
    } else {
      checkpoint();
    }
    commit(2, commitInfo(2), add(2));
    commit(3, commitInfo(3), remove(0), add(3));
    commit(4, commitInfo(4), add(4));
    Files.writeString(
        log("00000000000000000004.crc"),
        "{\"tableSizeBytes\":"
            + (size(1) + size(2) + size(3) + size(4))
            + ",\"numFiles\":4,\"numMetadata\":1,\"numProtocol\":1,\"metadata\":"
            + metadata()
            + ",\"protocol\":"
            + protocol()
            + "}\n");
  }

  private Path log(String name) {
    return table.resolve("_delta_log").resolve(name);
  }

  private static String dvUuid() {
    return "d2c639aa-8816-431a-aaf6-d3fe2512ff61";
  }

  private void data(int number) throws IOException {
    try (ParquetWriter<Group> writer = writer(name(number), ROW)) {
      for (int i = 0; i < ROWS; i++) {
        Group row = new SimpleGroup(ROW);
        row.add("key", number * 100 + i);
        row.add("t", "text " + i);
        writer.write(row);
      }
    }
  }

  private ParquetWriter<Group> writer(String name, MessageType type) throws IOException {
    Files.deleteIfExists(table.resolve(name));
    return ExampleParquetWriter.builder(new LocalOutputFile(table.resolve(name)))
        .withConf(new PlainParquetConfiguration())
        .withType(type)
        .withPageWriteChecksumEnabled(true)
        .build();
  }

  private static String name(int number) {
    return "part-" + number + ".parquet";
  }

  private long size(int number) throws IOException {
    return Files.size(table.resolve(name(number)));
  }

  private void commit(int version, String... actions) throws IOException {
    Files.write(log(String.format("%020d.json", version)), Arrays.asList(actions));
  }

  private static String commitInfo(int version) {
    return "{\"commitInfo\":{\"timestamp\":"
        + (1_700_000_000_000L + version)
        + ",\"operation\":\"WRITE\"}}";
  }

  private String protocol() {
    return modern
        ? "{\"minReaderVersion\":3,\"minWriterVersion\":7,"
            + "\"readerFeatures\":[\"deletionVectors\",\"v2Checkpoint\"],"
            + "\"writerFeatures\":[\"deletionVectors\",\"v2Checkpoint\"]}"
        : "{\"minReaderVersion\":1,\"minWriterVersion\":2}";
  }

  private static String metadata() {
    return "{\"id\":\"base\",\"format\":{\"provider\":\"parquet\",\"options\":{}},\"schemaString\":\""
        + SCHEMA.replace("\"", "\\\"")
        + "\",\"partitionColumns\":[\"p\"],\"configuration\":{},\"createdTime\":0}";
  }

  private static String stats() {
    return "{\"numRecords\":" + ROWS + "}";
  }

  private String add(int number) throws IOException {
    String vector = "";
    if (modern && number == 3) {
      byte[] bitmap = DeletedPositions.bitmap(0, 8);
      vector =
          ",\"deletionVector\":{\"storageType\":\"i\",\"pathOrInlineDv\":\""
              + DeletedPositions.base85(bitmap)
              + "\",\"sizeInBytes\":"
              + bitmap.length
              + ",\"cardinality\":2}";
    }
    return "{\"add\":{\"path\":\""
        + name(number)
        + "\",\"partitionValues\":{\"p\":\"v"
        + number
        + "\"},\"size\":"
        + size(number)
        + ",\"modificationTime\":0,\"dataChange\":true,\"stats\":\""
        + stats().replace("\"", "\\\"")
        + "\""
        + vector
        + "}}";
  }

  private static String remove(int number) {
    return "{\"remove\":{\"path\":\""
        + name(number)
        + "\",\"deletionTimestamp\":1700000000003,\"dataChange\":true}}";
  }

  private void checkpoint() throws IOException {
    String name = "00000000000000000002.checkpoint.parquet";
    try (ParquetWriter<Group> writer = writer("_delta_log/" + name, ACTION)) {
      Group protocol = new SimpleGroup(ACTION);
      protocol.addGroup("protocol").append("minReaderVersion", 1).append("minWriterVersion", 2);
      writer.write(protocol);
      Group metadata = new SimpleGroup(ACTION);
      Group inner = metadata.addGroup("metaData");
      inner.append("id", "base");
      Group format = inner.addGroup("format");
      format.append("provider", "parquet");
      format.addGroup("options");
      inner.append("schemaString", SCHEMA);
      inner.addGroup("partitionColumns").addGroup("list").append("element", "p");
      inner.addGroup("configuration");
      inner.append("createdTime", 0L);
      writer.write(metadata);
      for (int number = 0; number < 3; number++) {
        writer.write(added(number));
      }
    }
    Files.writeString(log("_last_checkpoint"), "{\"version\":2,\"size\":5}");
  }

  private Group added(int number) throws IOException {
    Group action = new SimpleGroup(ACTION);
    Group add = action.addGroup("add");
    add.append("path", name(number));
    Group value = add.addGroup("partitionValues").addGroup("key_value");
    value.append("key", "p").append("value", "v" + number);
    add.append("size", size(number));
    add.append("modificationTime", 0L);
    add.append("dataChange", true);
    add.append("stats", stats());
    if (modern && number == 1) {
      byte[] uuid =
          java.nio.ByteBuffer.allocate(16)
              .putLong(java.util.UUID.fromString(dvUuid()).getMostSignificantBits())
              .putLong(java.util.UUID.fromString(dvUuid()).getLeastSignificantBits())
              .array();
      Group vector = add.addGroup("deletionVector");
      vector.append("storageType", "u");
      vector.append("pathOrInlineDv", DeletedPositions.base85(uuid));
      vector.append("offset", 1);
      vector.append("sizeInBytes", DeletedPositions.bitmap(1, 4, 7).length);
      vector.append("cardinality", 3L);
    }
    return action;
  }

  private void sidecar() throws IOException {
    String sidecar = UUID + ".parquet";
    try (ParquetWriter<Group> writer = writer("_delta_log/_sidecars/" + sidecar, ACTION)) {
      for (int number = 0; number < 3; number++) {
        writer.write(added(number));
      }
    }
    long size = Files.size(log("_sidecars").resolve(sidecar));
    Files.write(
        log("00000000000000000002.checkpoint." + UUID + ".json"),
        List.of(
            "{\"checkpointMetadata\":{\"version\":2}}",
            "{\"protocol\":" + protocol() + "}",
            "{\"metaData\":" + metadata() + "}",
            "{\"sidecar\":{\"path\":\""
                + sidecar
                + "\",\"sizeInBytes\":"
                + size
                + ",\"modificationTime\":0}}"));
    Files.writeString(log("_last_checkpoint"), "{\"version\":2,\"size\":6}");
  }
}
