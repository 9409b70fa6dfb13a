package io.hdl.data.storage;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which parts of the lake are mounted on this machine, by Blobfuse2 or over NFS: their addresses
 * stay what they are, their files are read from the mount.
 *
 * <pre>{@code
 * StorageMounts.none()
 *     .map("abfss://curated@contoso.dfs.core.windows.net", Path.of("/mnt/blobfuse/curated"));
 * }</pre>
 *
 * Of two mounts that both hold an address the deeper one serves it. Immutable.
 */
public final class StorageMounts {
  private static final StorageMounts NONE = new StorageMounts(Map.of());

  private final Map<LakeAddress, Path> folders;

  private StorageMounts(Map<LakeAddress, Path> folders) {
    this.folders = folders;
  }

  /** No mounts. */
  public static StorageMounts none() {
    return NONE;
  }

  /**
   * These mounts and one more.
   *
   * @param address a container, or a folder in it
   * @param folder where it is mounted, absolute
   * @throws HdlException with {@link ErrorCode#INVALID_ARGUMENT} if the address is malformed, is
   *     mapped already, or the folder is relative
   */
  public StorageMounts map(String address, Path folder) {
    LakeAddress mounted = LakeAddress.parse(address);
    if (!folder.isAbsolute()) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT,
          "folder: " + folder + " for " + mounted + " (expected: an absolute path)");
    }
    for (LakeAddress known : folders.keySet()) {
      if (known.isWithin(mounted) && mounted.isWithin(known)) {
        throw new HdlException(
            ErrorCode.INVALID_ARGUMENT,
            "address: " + mounted + " (expected: mapped once; it is " + folders.get(known) + ")");
      }
    }
    Map<LakeAddress, Path> more = new LinkedHashMap<>(folders);
    more.put(mounted, folder.normalize());
    return new StorageMounts(Map.copyOf(more));
  }

  /** The file or folder of this machine behind an address, if it is mounted. */
  public Optional<Path> path(LakeAddress address) {
    LakeAddress deepest = null;
    for (LakeAddress mounted : folders.keySet()) {
      if (address.isWithin(mounted)
          && (deepest == null || mounted.path().length() > deepest.path().length())) {
        deepest = mounted;
      }
    }
    if (deepest == null) {
      return Optional.empty();
    }
    int below = deepest.path().isEmpty() ? 0 : deepest.path().length() + 1;
    Path folder = folders.get(deepest);
    return folder == null
        ? Optional.empty()
        : Optional.of(
            below >= address.path().length()
                ? folder
                : folder.resolve(address.path().substring(below)));
  }

  /** The addresses and their folders. */
  @Override
  public String toString() {
    Map<String, Path> sorted = new TreeMap<>();
    folders.forEach((address, folder) -> sorted.put(address.toString(), folder));
    return "StorageMounts" + sorted;
  }
}
