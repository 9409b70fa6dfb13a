package io.hdl.data.lake;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.cache.CacheListener;
import io.hdl.data.cache.CacheTiers;
import io.hdl.data.cache.LakeCache;
import io.hdl.data.cache.SnapshotLease;
import io.hdl.data.delta.DataFile;
import io.hdl.data.delta.TableFiles;
import io.hdl.data.delta.TableHistory;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.storage.LakeAccess;
import io.hdl.data.storage.LakeAddress;
import io.hdl.data.transfer.FetchSettings;
import io.hdl.data.transfer.RemoteFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A Delta table of a lake, read through the cache: each of its files comes over the link once.
 *
 * <pre>{@code
 * try (LakeTable table = LakeTable.open(address, access, tiers, CacheListener.none())) {
 *   TableSnapshot snapshot = table.snapshot(TableVersion.latest());
 *   TableProfile profile = TableProfile.of(snapshot, ProfileSpec.allColumns(), 4, () -> {});
 * }
 * }</pre>
 *
 * <p>A version that is given by its number, and of which the cache has the log, is opened without
 * the link. {@code latest()} asks the lake, always; while the lake cannot be reached it fails,
 * unless {@link TableVersion.Latest#orNewestCached} was asked for. Thread-safe. Who opens a table
 * closes it, after all that reads from its snapshots.
 */
public final class LakeTable implements AutoCloseable {
  private static final int VERSIONS_NAMED = 5;

  private final LakeAddress address;
  private final CacheTiers tiers;
  private final CacheListener listener;
  private final LakeLink link;
  private final LakeCache cache;
  private final LakeFiles files;

  private LakeTable(
      LakeAddress address,
      CacheTiers tiers,
      CacheListener listener,
      LakeLink link,
      Runnable checkpoint) {
    this.address = address;
    this.tiers = tiers;
    this.listener = listener;
    this.link = link;
    this.cache = LakeCache.open(tiers, link::fetch, listener);
    this.files = new LakeFiles(address, link, cache, checkpoint);
  }

  /**
   * Opens a table. Asks nothing of the lake; the cache's folders are looked at.
   *
   * @param address where it lies
   * @param access how the lake is reached
   * @param tiers where files are kept here
   * @param listener told of what people should know
   */
  public static LakeTable open(
      LakeAddress address, LakeAccess access, CacheTiers tiers, CacheListener listener) {
    return open(
        address, access, FetchSettings.defaults().retry(access.retry()), tiers, listener, () -> {});
  }

  /**
   * As {@link #open(LakeAddress, LakeAccess, CacheTiers, CacheListener)}.
   *
   * @param fetching how files are fetched, for instance within what share of the link
   * @param checkpoint called now and then while the log is fetched, for instance to throw if a job
   *     was cancelled
   */
  public static LakeTable open(
      LakeAddress address,
      LakeAccess access,
      FetchSettings fetching,
      CacheTiers tiers,
      CacheListener listener,
      Runnable checkpoint) {
    return new LakeTable(
        address, tiers, listener, new StoreLink(address, access, fetching), checkpoint);
  }

  static LakeTable over(
      LakeLink link, LakeAddress address, CacheTiers tiers, CacheListener listener) {
    return new LakeTable(address, tiers, listener, link, () -> {});
  }

  /** The table's address. */
  public String address() {
    return address.toString();
  }

  /** The cache that its files come through. */
  public LakeCache cache() {
    return cache;
  }

  /**
   * Opens a version. Its log is read, through the cache; that its data files are still in the lake
   * shows when they are read.
   *
   * @throws HdlException as {@link TableSnapshot#open(TableFiles, TableVersion)}; with {@link
   *     ErrorCode#UNAVAILABLE} if the lake has to be asked and cannot be reached; with {@link
   *     ErrorCode#UNAUTHENTICATED} or {@link ErrorCode#PERMISSION_DENIED} if it refuses
   */
  public TableSnapshot snapshot(TableVersion wanted) {
    return snapshot(wanted, this::isCached);
  }

  /**
   * As {@link #snapshot(TableVersion)}.
   *
   * @param usable what makes a version one that can be used without the link, where the newest
   *     cached one is asked for; else it is that all of it is cached
   */
  public TableSnapshot snapshot(TableVersion wanted, Predicate<TableSnapshot> usable) {
    try {
      return TableSnapshot.open(files, wanted);
    } catch (HdlException e) {
      if (e.code() != ErrorCode.UNAVAILABLE) {
        throw e;
      }
      if (wanted instanceof TableVersion.Latest latest
          && latest.withoutLink() == TableVersion.WithoutLink.NEWEST_CACHED) {
        TableSnapshot cached = newestCached(usable).orElseThrow(() -> unreachable(wanted, e));
        listener.warning(
            "Reading version "
                + cached.version()
                + " of "
                + address
                + ", the newest one that is cached, committed at "
                + cached.timestamp()
                + ": the newest one of the lake is not known, as the lake cannot be reached ("
                + e.getMessage()
                + ").");
        return cached;
      }
      throw unreachable(wanted, e);
    }
  }

  private Optional<TableSnapshot> newestCached(Predicate<TableSnapshot> usable) {
    files.log().useCachedOnly();
    for (long version : files.log().cachedVersions(Integer.MAX_VALUE)) {
      try {
        TableSnapshot found = TableSnapshot.open(files, TableVersion.number(version));
        if (usable.test(found)) {
          return Optional.of(found);
        }
      } catch (HdlException e) {
        if (e.code() != ErrorCode.UNAVAILABLE) {
          throw e;
        }
        // A sidecar of its checkpoint is not here.
      }
    }
    return Optional.empty();
  }

  private HdlException unreachable(TableVersion wanted, HdlException cause) {
    List<Long> cached = files.log().cachedVersions(VERSIONS_NAMED);
    String known =
        cached.isEmpty()
            ? "no version is cached here"
            : "cached here: "
                + cached.stream().map(String::valueOf).collect(Collectors.joining(", "));
    boolean latest = wanted instanceof TableVersion.Latest;
    String what =
        wanted instanceof TableVersion.Numbered number
            ? "Cannot open version " + number.version() + " of the table " + address
            : latest
                ? "Cannot find out the newest version of the table " + address
                : "Cannot find out the version of the table " + address + " " + wanted;
    String advice =
        cached.isEmpty()
            ? "Restore the link."
            : latest
                ? "Restore the link, name a version, or choose"
                    + " TableVersion.latest().orNewestCached()."
                : "Restore the link, or name a version that is cached.";
    return new HdlException(
        ErrorCode.UNAVAILABLE,
        what
            + ": the lake cannot be reached, and "
            + known
            + ". "
            + advice
            + " The link's last word: "
            + cause.getMessage(),
        cause);
  }

  /** Whether all data files of a version are in the cache, those of deletion vectors included. */
  public boolean isCached(TableSnapshot snapshot) {
    try {
      return files.remote(snapshot.files()).stream().allMatch(cache::has);
    } catch (HdlException e) {
      if (e.code() == ErrorCode.UNAVAILABLE) {
        return false;
      }
      throw e;
    }
  }

  /** The versions of the table, as the lake's log tells of them. */
  public TableHistory history() {
    return TableHistory.open(files);
  }

  /**
   * All files that it takes to read a version: those of the log, then those of the data, in the
   * order in which they are read.
   *
   * @param snapshot one of this table's
   */
  public List<RemoteFile> files(TableSnapshot snapshot) {
    return files(snapshot, snapshot.files());
  }

  private List<RemoteFile> files(TableSnapshot snapshot, List<DataFile> data) {
    Set<RemoteFile> all = new LinkedHashSet<>(files.log().filesOf(snapshot.version()));
    all.addAll(files.remote(data));
    return new ArrayList<>(all);
  }

  /**
   * Keeps a version in the warm tier, or in the hot one where there is no warm, so that it can be
   * read again when the lake has it no more.
   *
   * @param holder for whom, as the name of a job and its run
   * @param until when the lease ends
   * @throws HdlException if there is no tier, or it cannot be written
   */
  public SnapshotLease lease(String holder, TableSnapshot snapshot, Instant until) {
    return lease(holder, snapshot, snapshot.files(), until);
  }

  /**
   * As {@link #lease(String, TableSnapshot, Instant)}, of those data files that are needed: a
   * filter may leave out others.
   */
  public SnapshotLease lease(
      String holder, TableSnapshot snapshot, List<DataFile> data, Instant until) {
    return cache.lease(holder, address(), snapshot.version(), files(snapshot, data), until);
  }

  /** The table's files, for readers that take them. */
  public TableFiles tableFiles() {
    return files;
  }

  /** Where its files are kept. */
  public CacheTiers tiers() {
    return tiers;
  }

  /** Whether anything was asked of the lake so far; else all came from the cache. */
  public boolean usedLink() {
    return link.used();
  }

  /** Ends what is under way, and closes cache and link. Idempotent. */
  @Override
  public void close() {
    try (LakeLink last = link;
        LakeCache held = cache) {
      files.close();
    }
  }
}
