package io.hdl.tracking.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Where files lie, behind one scheme. Names are checked before they come here. Thread-safe. */
interface ArtifactPlace {
  /** Sends a file, overwriting what has the same name. */
  void put(String name, Path file, Duration idle);

  /** What lies directly below a folder; nothing if it does not exist or is a file. */
  List<Artifacts.Entry> list(String folder, Duration limit);

  /**
   * Fetches a file; it appears whole or not at all.
   *
   * @throws io.hdl.core.error.HdlException with {@code NOT_FOUND} if there is none
   */
  void get(String name, Path to, Duration idle);
}
