package io.hdl.data.cache;

import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where files of the lake are kept, how many bytes of them, and how they are checked.
 *
 * <pre>{@code
 * CacheTiers tiers =
 *     CacheTiers.hot(Path.of("/raid/hdl"), gib(500)).warm(Path.of("/mnt/nfs/hdl"), tib(4));
 * }</pre>
 *
 * <p>The hot tier is a disk of this machine, the warm one a disk that several machines share;
 * either may be missing. The files lie as a mirror of the lake below {@code lake} in the tier's
 * folder. A value; immutable; nothing is looked at on the disks.
 *
 * @param hot the tier on a disk of this machine
 * @param warm the tier on a disk that machines share
 * @param verification what is checked of a file each time before it is read
 * @param keepFree bytes that stay free on each tier's disk whatever its quota allows; without it a
 *     twentieth of the disk, at most 10 GiB
 */
public record CacheTiers(
    Optional<Folder> hot, Optional<Folder> warm, Verification verification, OptionalLong keepFree) {
  private static final String FOLDER = "cache";

  /**
   * A tier's folder.
   *
   * @param path where it is; made if it is not there
   * @param maxBytes how many bytes it may hold; {@link Long#MAX_VALUE}: what the disk has, less
   *     what is kept free
   */
  public record Folder(Path path, long maxBytes) {
    /** Checks the quota, and makes the path absolute. */
    public Folder {
      path = path.toAbsolutePath().normalize();
      if (maxBytes < 1) {
        throw new HdlException(
            ErrorCode.INVALID_ARGUMENT, "maxBytes: " + maxBytes + " (expected: >= 1)");
      }
    }
  }

  /** Checks that the two tiers are two. */
  public CacheTiers {
    if (hot.isPresent() && warm.isPresent()) {
      Path one = hot.get().path();
      Path other = warm.get().path();
      if (one.startsWith(other) || other.startsWith(one)) {
        throw new HdlException(
            ErrorCode.INVALID_ARGUMENT,
            "warm: "
                + other
                + " (expected: a folder apart from the hot tier's, "
                + one
                + "; leave one of them out if there is one disk alone)");
      }
    }
  }

  /** No tier: files are fetched each time they are needed. */
  public static CacheTiers none() {
    return new CacheTiers(
        Optional.empty(), Optional.empty(), Verification.LENGTH, OptionalLong.empty());
  }

  /**
   * A hot tier alone.
   *
   * @param maxBytes how many bytes it may hold
   */
  public static CacheTiers hot(Path folder, long maxBytes) {
    return none().withHot(new Folder(folder, maxBytes));
  }

  /** A hot tier alone, which may hold what its disk has, less what is kept free. */
  public static CacheTiers hot(Path folder) {
    return hot(folder, Long.MAX_VALUE);
  }

  /**
   * A warm tier alone.
   *
   * @param maxBytes how many bytes it may hold, those that other machines put there included
   */
  public static CacheTiers warmOnly(Path folder, long maxBytes) {
    return none().warm(folder, maxBytes);
  }

  /** The default: a hot tier in the folder {@code cache} of a home directory. */
  public static CacheTiers below(Path home) {
    return hot(home.resolve(FOLDER));
  }

  /**
   * The tiers that a machine names with {@code HDL_HOT} and {@code HDL_WARM}, where {@code
   * HOST_NVIDIA} is true; where it names no hot tier, that of {@link #below}.
   */
  public static CacheTiers fromEnvironment(HybridEnvironment environment, Path home) {
    CacheTiers tiers = environment.hotTier().map(CacheTiers::hot).orElseGet(() -> below(home));
    return environment.warmTier().map(tiers::warm).orElse(tiers);
  }

  /**
   * These, with a warm tier.
   *
   * @param maxBytes how many bytes it may hold, those that other machines put there included
   */
  public CacheTiers warm(Path folder, long maxBytes) {
    return new CacheTiers(hot, Optional.of(new Folder(folder, maxBytes)), verification, keepFree);
  }

  /** These, with a warm tier that may hold what its disk has, less what is kept free. */
  public CacheTiers warm(Path folder) {
    return warm(folder, Long.MAX_VALUE);
  }

  /** These, checking more or less of a file each time before it is read. */
  public CacheTiers verify(Verification level) {
    return new CacheTiers(hot, warm, level, keepFree);
  }

  /** These, leaving other bytes free on each tier's disk. */
  public CacheTiers keepFree(long bytes) {
    if (bytes < 0) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT, "keepFree: " + bytes + " (expected: >= 0)");
    }
    return new CacheTiers(hot, warm, verification, OptionalLong.of(bytes));
  }

  /** A number of GiB in bytes. */
  public static long gib(long number) {
    return Math.multiplyExact(number, 1L << 30);
  }

  /** A number of TiB in bytes. */
  public static long tib(long number) {
    return Math.multiplyExact(number, 1L << 40);
  }

  private CacheTiers withHot(Folder folder) {
    return new CacheTiers(Optional.of(folder), warm, verification, keepFree);
  }
}
