package io.hdl.data.delta;

import io.delta.standalone.DeltaLog;
import io.delta.standalone.actions.AddFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** Reads a snapshot's files through delta-standalone, for tables of reader version 1. */
final class StandaloneLog {
  private static final String REFUSES_PROTOCOL = "InvalidProtocolVersionException";

  private StandaloneLog() {}

  /**
   * The files of a version, or empty if a later version of the table has a protocol that
   * delta-standalone does not open at all.
   */
  static Optional<List<DataFile>> files(Path root, long version) {
    Configuration settings = new Configuration(false);
    settings.setClass(
        "fs.file.impl", LocalHadoopFiles.class, org.apache.hadoop.fs.FileSystem.class);
    settings.setBoolean("fs.file.impl.disable.cache", true);
    settings.setBoolean("parquet.page.verify-checksum.enabled", true);
    List<AddFile> added;
    try {
      added =
          DeltaLog.forTable(settings, new org.apache.hadoop.fs.Path(root.toUri()))
              .getSnapshotForVersionAsOf(version)
              .getAllFiles();
    } catch (RuntimeException e) {
      if (e.getClass().getSimpleName().contains(REFUSES_PROTOCOL)) {
        return Optional.empty();
      }
      throw e;
    }
    List<DataFile> files = new ArrayList<>(added.size());
    for (AddFile file : added) {
      files.add(file(file, root));
    }
    return Optional.of(files);
  }

  private static DataFile file(AddFile added, Path root) {
    Map<String, String> values = new HashMap<>();
    added
        .getPartitionValues()
        .forEach(
            (name, value) -> {
              if (value != null) {
                values.put(name, value);
              }
            });
    URI uri = URI.create(added.getPath());
    Path path = uri.isAbsolute() ? Path.of(uri.getPath()) : root.resolve(uri.getPath());
    return new DataFile(
        path, added.getSize(), values, FileStatistics.of(added.getStats()), Optional.empty());
  }
}
