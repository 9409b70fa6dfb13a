package io.hdl.data.delta;

import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import java.util.Map;

/** Delta Kernel's engine over local files. Engines are stateless, so each kind exists once. */
final class KernelEngine {
  private static final Engine READING = DefaultEngine.create(new LocalFileIO(Map.of()));

  // Row groups of 32 MiB, so that a large file can be decoded by more than one thread.
  private static final Engine WRITING =
      DefaultEngine.create(
          new LocalFileIO(
              Map.of("parquet.compression", "snappy", "parquet.block.size", "33554432")));

  private KernelEngine() {}

  static Engine forReading() {
    return READING;
  }

  static Engine forWriting() {
    return WRITING;
  }
}
