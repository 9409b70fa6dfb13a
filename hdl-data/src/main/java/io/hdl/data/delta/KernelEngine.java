package io.hdl.data.delta;

import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.defaults.engine.DefaultParquetHandler;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.ParquetHandler;
import java.util.Map;

/**
 * Delta Kernel's engines: over local files, which are stateless, so that there is one of each kind,
 * and over a log that was listed once.
 */
final class KernelEngine {
  private static final Map<String, String> CHECKING =
      Map.of("parquet.page.verify-checksum.enabled", "true");

  private static final Engine ENGINE = DefaultEngine.create(new LocalFileIO(CHECKING));

  // Row groups of 32 MiB, so that a large file can be decoded by more than one thread.
  private static final ParquetHandler DATA_FILES =
      new DefaultParquetHandler(
          new LocalFileIO(
              Map.of("parquet.compression", "snappy", "parquet.block.size", "33554432")));

  private KernelEngine() {}

  /** For local logs, and for reading local files. */
  static Engine get() {
    return ENGINE;
  }

  /** For the log of a table. */
  static Engine over(LogFolder log) {
    return log.table().location() == TableFiles.Location.LOCAL
        ? ENGINE
        : DefaultEngine.create(new ListedFileIO(log, CHECKING));
  }

  /** For writing data files. */
  static ParquetHandler dataFiles() {
    return DATA_FILES;
  }
}
