package io.hdl.data.cache;

import com.google.common.hash.Hashing;
import io.hdl.data.transfer.RemoteFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A file, and where it lies in every tier.
 *
 * @param file the file
 * @param folder the place of its folder, names joined by slashes
 * @param name its name in the folder, with its size
 * @param lock the number of its lock
 */
record CacheKey(RemoteFile file, String folder, String name, long lock) {
  static CacheKey of(RemoteFile file) {
    String folder = MirrorNames.parent(file.uri());
    String name = MirrorNames.file(file.uri(), file.size());
    return new CacheKey(file, folder, name, lock(folder + "/" + name));
  }

  /** The number of the lock of a file, or of anything else with a name of its own. */
  static long lock(String id) {
    long hash = Hashing.sha256().hashString(id, StandardCharsets.UTF_8).asLong();
    return (hash >>> 2) + LockFile.FIRST_FREE;
  }

  /** What makes it this file and no other, whatever its ETag. */
  String id() {
    return folder + "/" + name;
  }

  long size() {
    return file.size();
  }

  Path folderIn(Path lake) {
    return lake.resolve(folder);
  }

  Path in(Path lake) {
    return folderIn(lake).resolve(name);
  }
}
