package io.hdl.data.cache;

import io.hdl.data.transfer.RemoteFile;
import java.net.URI;
import java.time.Instant;
import java.util.List;

/**
 * Files of the lake on the disks of this machine: each is fetched once, checked, and kept as long
 * as there is room.
 *
 * <pre>{@code
 * try (LakeCache cache = LakeCache.open(tiers, origin, CacheListener.none());
 *     HeldFile held = cache.hold(file, () -> {})) {
 *   read(held.path());
 * }
 * }</pre>
 *
 * <p>A file is looked for in the hot tier, then in the warm one, then fetched. What comes from the
 * lake is put into the hot tier and, in the background, into the warm one; what comes from the warm
 * tier is copied into the hot one. Of several threads and processes that want the same file one
 * fetches it; so it is, as a rule, of several machines. A file that fails its check is removed and
 * fetched anew.
 *
 * <p>A tier that cannot take a file is passed over; one that fails is left alone for a while, and
 * used again when it has come back: both are told once. Where no tier takes a file it is fetched
 * into a temporary folder for as long as it is held. So nothing but the lake itself, and a disk
 * without any room, keeps a file from being read.
 *
 * <p>Thread-safe. Whoever opens a cache closes it, after what it holds.
 */
public final class LakeCache implements AutoCloseable {
  private LakeCache() {}

  /**
   * Opens a cache. A tier that cannot be used is told and passed over.
   *
   * @param origin where files come from that no tier has
   */
  public static LakeCache open(CacheTiers tiers, CacheOrigin origin, CacheListener listener) {
    throw new UnsupportedOperationException();
  }

  /**
   * A file, from the nearest place that has it; fetched if none has.
   *
   * @param checkpoint called now and then while waiting and fetching; what it throws ends that
   * @throws io.hdl.core.error.HdlException what the origin throws; {@code NO_SPACE} if there is no
   *     room for it anywhere
   */
  public HeldFile hold(RemoteFile file, Runnable checkpoint) {
    throw new UnsupportedOperationException();
  }

  /** Whether a tier has a file. Nothing of it is checked but that it is there. */
  public boolean has(RemoteFile file) {
    throw new UnsupportedOperationException();
  }

  /**
   * The files directly in a folder of the lake that the tiers have, by name: all that can be known
   * of it without the link. Of several sizes of one path all are given.
   */
  public List<CachedFile> known(URI folder) {
    throw new UnsupportedOperationException();
  }

  /**
   * A local folder for files of a folder of the lake, empty at first.
   *
   * @param folder the folder whose files will be added
   */
  public MirrorFolder mirror(URI folder) {
    throw new UnsupportedOperationException();
  }

  /**
   * Fetches files in the background, in this order, a few at a time, ahead of {@link #hold}, within
   * a bounded space: what was fetched and not asked for yet stays, and where it has become too much
   * no more is fetched until some of it is. What goes wrong is left to {@link #hold}, which tries
   * again.
   */
  public FetchAhead ahead(List<RemoteFile> files) {
    throw new UnsupportedOperationException();
  }

  /**
   * Keeps the files of a table's version in the warm tier, or in the hot one where there is no
   * warm: those that are there from now on, others from when they come there. A lease of the same
   * holder on the same version is replaced.
   *
   * @param holder for whom, as the name of a job or run
   * @param table the table's address
   * @param files what has to be there to read the version, files of the log included
   * @param until when it ends
   * @throws io.hdl.core.error.HdlException if there is no tier, or it cannot be written
   */
  public SnapshotLease lease(
      String holder, String table, long version, List<RemoteFile> files, Instant until) {
    throw new UnsupportedOperationException();
  }

  /** The leases on a table that have not ended. */
  public List<SnapshotLease> leases(String table) {
    throw new UnsupportedOperationException();
  }

  /** What the cache has done since it was opened. */
  public CacheStatistics statistics() {
    throw new UnsupportedOperationException();
  }

  /**
   * Ends what runs in the background, waits for copies into the warm tier that have begun or stand
   * in line, at most a minute, and reports. Files that are still held can be read no more.
   * Idempotent.
   */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
