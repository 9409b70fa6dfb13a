package io.hdl.benchmarks.peers;

import io.hdl.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Writes the tables of the comparison: {@code PeerTables FOLDER SERIES PART_SERIES}. */
public final class PeerTables {
  private static final int FILES = 4;
  private static final long ROW_GROUP_BYTES = 32L << 20;

  private PeerTables() {}

  /**
   * Writes the tables {@code snappy} and {@code zstd} of as many series, and {@code part}, a table
   * of one file (snappy) for readers that take too long for all of it. What is there is kept.
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int series = Integer.parseInt(arguments[1]);
    int partSeries = Integer.parseInt(arguments[2]);
    write(folder.resolve("snappy"), CompressionCodecName.SNAPPY, series, FILES);
    write(folder.resolve("zstd"), CompressionCodecName.ZSTD, series, FILES);
    write(folder.resolve("part"), CompressionCodecName.SNAPPY, partSeries, 1);
  }

  private static void write(Path table, CompressionCodecName codec, int series, int files)
      throws IOException {
    Path commit = table.resolve("_delta_log").resolve("00000000000000000000.json");
    if (Files.exists(commit)) {
      return;
    }
    System.err.println("Writing " + series * SalesRows.DAYS + " rows to " + table + " ...");
    Files.createDirectories(commit.getParent());
    ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      List<Future<Map<String, Object>>> written = new ArrayList<>();
      for (int part = 0; part < files; part++) {
        int from = part * series / files;
        int to = (part + 1) * series / files;
        Path file = table.resolve("part-0000" + part + ".parquet");
        Files.deleteIfExists(file);
        written.add(
            threads.submit(
                () -> added(file, SalesFile.write(file, codec, from, to, ROW_GROUP_BYTES))));
      }
      List<String> lines = new ArrayList<>();
      lines.add("{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}");
      lines.add(metadata());
      for (Future<Map<String, Object>> file : written) {
        lines.add(Json.write(Map.of("add", file.get())));
      }
      // Written last: a table without it is begun anew.
      Files.write(commit, lines);
    } catch (ExecutionException | InterruptedException e) {
      throw new IOException("Cannot write " + table, e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Map<String, Object> added(Path file, long rows) throws IOException {
    Map<String, Object> add = new LinkedHashMap<>();
    add.put("path", String.valueOf(file.getFileName()));
    add.put("partitionValues", Map.of());
    add.put("size", Files.size(file));
    add.put("modificationTime", Files.getLastModifiedTime(file).toMillis());
    add.put("dataChange", true);
    add.put("stats", "{\"numRecords\":" + rows + "}");
    return add;
  }

  private static String metadata() {
    List<Map<String, Object>> fields = new ArrayList<>();
    SalesColumns.TYPES.forEach(
        (name, type) ->
            fields.add(Map.of("name", name, "type", type, "nullable", true, "metadata", Map.of())));
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("id", "2b1d6a5e-3c1f-4b0e-9a53-6d6f7be3a001");
    metadata.put("format", Map.of("provider", "parquet", "options", Map.of()));
    metadata.put("schemaString", Json.write(Map.of("type", "struct", "fields", fields)));
    metadata.put("partitionColumns", List.of());
    metadata.put("configuration", Map.of());
    metadata.put("createdTime", 0);
    return Json.write(Map.of("metaData", metadata));
  }
}
