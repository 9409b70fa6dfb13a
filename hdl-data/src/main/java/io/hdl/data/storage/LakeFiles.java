package io.hdl.data.storage;

import io.hdl.core.storage.ObjectStore.Stat;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files of a part of the lake, as {@link io.hdl.core.storage.ObjectStore} has them, each
 * operation tried as often as the access allows. Thread-safe.
 */
interface LakeFiles extends AutoCloseable {
  /** The file's facts; empty if there is none, or a folder. */
  Optional<Stat> stat(LakeAddress file);

  /**
   * The files directly in a folder by name, from a name on.
   *
   * @param firstName the first name that is wanted; empty for all
   */
  List<Stat> list(LakeAddress folder, String firstName);

  /** Opens a range; neither number is negative. */
  InputStream read(LakeAddress file, long offset, long length);

  /** Makes a local file appear there as a whole. */
  Stat publish(Path source, LakeAddress target);

  /** Removes a file; a folder stays. */
  void delete(LakeAddress file);

  @Override
  void close();
}
