package io.hdl.data.delta;

import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.defaults.engine.DefaultParquetHandler;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.ParquetHandler;
import java.util.Map;

/** Delta Kernel's engine over local files. Stateless, so there is one of each kind. */
final class KernelEngine {
  private static final Engine ENGINE =
      DefaultEngine.create(new LocalFileIO(Map.of("parquet.page.verify-checksum.enabled", "true")));

  // Row groups of 32 MiB, so that a large file can be decoded by more than one thread.
  private static final ParquetHandler DATA_FILES =
      new DefaultParquetHandler(
          new LocalFileIO(
              Map.of("parquet.compression", "snappy", "parquet.block.size", "33554432")));

  private KernelEngine() {}

  /** For the log, and for reading. */
  static Engine get() {
    return ENGINE;
  }

  /** For writing data files. */
  static ParquetHandler dataFiles() {
    return DATA_FILES;
  }
}
