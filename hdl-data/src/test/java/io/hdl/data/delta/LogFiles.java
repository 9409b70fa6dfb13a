package io.hdl.data.delta;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** Writes a table's log by hand, for what the writer does not write. */
public final class LogFiles {
  private LogFiles() {}

  /** The file of a commit. */
  public static Path commit(Path table, long version) {
    return table.resolve(String.format("_delta_log/%020d.json", version));
  }

  /** Writes a commit of these actions, one JSON object each. */
  public static Path write(Path table, long version, String... actions) {
    try {
      Path commit = commit(table, version);
      Files.createDirectories(commit.getParent());
      return Files.writeString(commit, String.join("\n", actions) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes a commit. */
  public static void edit(Path table, long version, UnaryOperator<String> change) {
    try {
      Path commit = commit(table, version);
      Files.writeString(commit, change.apply(Files.readString(commit)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sets when a commit was written. */
  public static void at(Path table, long version, String moment) throws IOException {
    Files.setLastModifiedTime(commit(table, version), FileTime.from(Instant.parse(moment)));
  }

  /** A protocol with reader features. */
  public static String protocol(String... features) {
    String list = String.join("\",\"", features);
    return "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\""
        + list
        + "\"],\"writerFeatures\":[\""
        + list
        + "\"]}}";
  }

  /** Metadata with a schema of these fields and a configuration, JSON without the braces. */
  public static String metadata(List<String> fields, String configuration) {
    String schema = "{\"type\":\"struct\",\"fields\":[" + String.join(",", fields) + "]}";
    return "{\"metaData\":{\"id\":\"t\",\"format\":{\"provider\":\"parquet\",\"options\":{}},"
        + "\"schemaString\":\""
        + schema.replace("\\", "\\\\").replace("\"", "\\\"")
        + "\",\"partitionColumns\":[],\"configuration\":{"
        + configuration
        + "}}}";
  }

  /** A field of a schema. */
  public static String field(String name, String type, String metadata) {
    String quoted = type.startsWith("{") ? type : "\"" + type + "\"";
    return "{\"name\":\""
        + name
        + "\",\"type\":"
        + quoted
        + ",\"nullable\":true,\"metadata\":{"
        + metadata
        + "}}";
  }
}
