package io.hdl.benchmarks.lake;

import java.nio.file.Path;

/** One way to bring a file here. */
interface Transfer extends AutoCloseable {
  /** Bytes of one range, where the way has ranges. */
  int RANGE = 8 << 20;

  /** Ranges at a time. */
  int PARALLEL = 4;

  /** Brings the file whole; nothing lies at the target. */
  void fetch(Path target) throws Exception;

  @Override
  default void close() throws Exception {}

  /** The way with a name. */
  static Transfer of(String name, LakeFile file) throws Exception {
    return switch (name) {
      case "hdl" -> new HdlTransfer(file);
      case "plain" -> new PlainTransfer(file, false);
      case "plain+crc32c" -> new PlainTransfer(file, true);
      case "hadoop" -> new HadoopTransfer(file, false);
      case "hadoop-tuned" -> new HadoopTransfer(file, true);
      case "sdk" -> new SdkTransfer(file);
      default -> throw new IllegalArgumentException("no way " + name);
    };
  }
}
