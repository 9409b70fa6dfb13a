package io.hdl.data.delta;

import io.delta.standalone.DeltaLog;
import io.delta.standalone.actions.AddFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads a snapshot's files through delta-standalone, for tables of reader version 1. */
final class StandaloneLog {
  private static final String REFUSES_PROTOCOL = "InvalidProtocolVersionException";

  private StandaloneLog() {}

  /**
   * The files of a version, or empty if a later version of the table has a protocol that
   * delta-standalone does not open at all.
   */
  static Optional<List<DataFile>> files(LogFolder log, long version) {
    TableFiles table = log.table();
    if (table.location() == TableFiles.Location.LOCAL) {
      return files(
          table,
          settings("file", LocalHadoopFiles.class),
          new Path(java.nio.file.Path.of(LogRoot.of(table)).toUri()),
          version);
    }
    Path root = new Path(LogRoot.of(table));
    Configuration settings = settings(root.toUri().getScheme(), ListedHadoopFiles.class);
    // It would read the newest version first, whichever is asked for.
    try (ListedHadoopFiles.Registration registration =
        ListedHadoopFiles.register(log.upTo(version))) {
      settings.set(ListedHadoopFiles.LOG, registration.id());
      return files(table, settings, root, version);
    }
  }

  private static Configuration settings(String scheme, Class<? extends FileSystem> files) {
    Configuration settings = new Configuration(false);
    settings.setClass("fs." + scheme + ".impl", files, FileSystem.class);
    settings.setBoolean("fs." + scheme + ".impl.disable.cache", true);
    settings.setBoolean("parquet.page.verify-checksum.enabled", true);
    return settings;
  }

  private static Optional<List<DataFile>> files(
      TableFiles table, Configuration settings, Path root, long version) {
    List<AddFile> added;
    try {
      added = DeltaLog.forTable(settings, root).getSnapshotForVersionAsOf(version).getAllFiles();
    } catch (RuntimeException e) {
      if (e.getClass().getSimpleName().contains(REFUSES_PROTOCOL)) {
        return Optional.empty();
      }
      throw e;
    }
    List<DataFile> files = new ArrayList<>(added.size());
    for (AddFile file : added) {
      files.add(file(file, table));
    }
    return Optional.of(files);
  }

  private static DataFile file(AddFile added, TableFiles table) {
    Map<String, String> values = new HashMap<>();
    added
        .getPartitionValues()
        .forEach(
            (name, value) -> {
              if (value != null) {
                values.put(name, value);
              }
            });
    return new DataFile(
        table.resolve(added.getPath()),
        added.getSize(),
        values,
        FileStatistics.of(added.getStats()),
        Optional.empty());
  }
}
