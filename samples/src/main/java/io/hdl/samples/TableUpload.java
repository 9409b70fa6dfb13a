package io.hdl.samples;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.ObjectStore;
import io.hdl.data.storage.LakeAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts a table of this machine into a lake: the data first, then the log, commit by commit, so that
 * a reader never sees a version without its files. Files that are there in their size are left.
 */
final class TableUpload {
  private static final String LOG = "_delta_log";

  private final Path table;
  private final LakeAddress address;
  private final ObjectStore store;

  private TableUpload(Path table, LakeAddress address, ObjectStore store) {
    this.table = table;
    this.address = address;
    this.store = store;
  }

  static TableUpload of(Path table, LakeAddress address, ObjectStore store) {
    return new TableUpload(table, address, store);
  }

  /** Uploads what is missing; gives the number of files that were. */
  int run() throws IOException {
    if (!Files.isDirectory(table.resolve(LOG))) {
      throw new HdlException(
          ErrorCode.NOT_A_DELTA_TABLE,
          "Cannot upload " + table + ": it has no folder _delta_log. Give the folder of a table.");
    }
    List<Path> files;
    try (Stream<Path> all = Files.walk(table)) {
      files =
          all.filter(Files::isRegularFile)
              .filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
              .sorted(
                  Comparator.comparing((Path file) -> isLog(file)).thenComparing(Path::toString))
              .toList();
    }
    int uploaded = 0;
    for (Path file : files) {
      LakeAddress target = address.resolve(table.relativize(file).toString());
      long size = Files.size(file);
      if (store.stat(target.uri()).filter(there -> there.size() == size).isEmpty()) {
        store.publish(file, target.uri());
        uploaded++;
      }
    }
    return uploaded;
  }

  private boolean isLog(Path file) {
    return table.relativize(file).startsWith(LOG);
  }
}
