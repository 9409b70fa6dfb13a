package io.hdl.data.delta;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.hdl.data.parquet.ParquetCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * Checks the Parquet files of a log, its checkpoints and their sidecars, before a log library reads
 * them: those believe what a file says of itself, and reserve memory for it. A file that was found
 * whole is not checked again until it changes. Thread-safe.
 */
final class CheckedFiles {
  private record Known(Path file, long size, FileTime changed) {}

  private static final Cache<Known, Boolean> WHOLE =
      CacheBuilder.newBuilder().maximumSize(1024).build();

  private CheckedFiles() {}

  /** Checks a file if it is a Parquet file. */
  static void check(Path file) throws IOException {
    if (!file.toString().endsWith(".parquet")) {
      return;
    }
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    Known known = new Known(file, attributes.size(), attributes.lastModifiedTime());
    if (WHOLE.getIfPresent(known) == null) {
      ParquetCheck.check(file);
      WHOLE.put(known, true);
    }
  }
}
